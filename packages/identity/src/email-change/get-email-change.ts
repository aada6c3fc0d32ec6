// The change of the caller’s address that waits for its mailboxes.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import { defineVerb } from '../services.ts'
import { type PendingChange, pendingChange } from './email-change.ts'

export const getEmailChange = defineVerb({
  name: 'auth.email.get',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run({ db, actor, clock }): Promise<PendingChange | undefined> {
    requireUser(actor)
    return pendingChange(db, actor.id, clock.now())
  },
})
