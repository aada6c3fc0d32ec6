// Mail of this installation without its bodies, newest first.
import { listMails } from '@levqor/mail'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

export const listOutbox = defineVerb({
  name: 'ops.outbox',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'ops:read' },
  input: z.object({ limit: z.number(), cursor: z.string().optional() }),
  run({ db }, { limit, cursor }) {
    return listMails(db, { limit, ...(cursor === undefined ? {} : { cursor }) })
  },
})
