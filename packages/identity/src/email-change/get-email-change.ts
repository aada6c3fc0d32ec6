// The change of the caller’s address that waits for its mailboxes.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../services.ts'
import { type PendingChange, pendingChange } from './email-change.ts'

export const getEmailChange = defineVerb({
  name: 'auth.email.get',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run({ db, actor, clock }): Promise<PendingChange | undefined> {
    if (actor.kind !== 'user') throw serviceError('credential_unsuitable')
    return pendingChange(db, actor.id, clock.now())
  },
})
