// How the queues of this installation are doing. Counts only, so that nothing of a tenant shows.
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const getQueueHealth = defineVerb({
  name: 'ops.queue-health',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'ops:read' },
  input: z.object({}),
  async run({ db, services }) {
    const [stats, workers] = await Promise.all([services.jobs.stats(), services.jobs.workers()])
    return { stats, workers, store: db.dialect }
  },
})
