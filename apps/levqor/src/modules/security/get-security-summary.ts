// Whether anything needs an operator's eyes: lowered protections, the penalty box, what happened in a day.
import { countSecurityEvents } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

const dayMs = 24 * 60 * 60 * 1000

export const getSecuritySummary = defineVerb({
  name: 'security.summary',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'ops:read' },
  input: z.object({}),
  async run({ db, clock, services }) {
    const lastDay = await countSecurityEvents(db, clock.now() - dayMs)
    return { ...services.security.state(), lastDay: lastDay.filter(({ count }) => count > 0) }
  },
})
