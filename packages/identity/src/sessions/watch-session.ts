// Says nothing: who reaches it has a session that holds. Asked every few seconds by pages that lie open, so it costs no look
// into the database beyond the session's own, and is no use of it (create-authenticator.ts).
import { z } from 'zod'
import { defineVerb } from '../services.ts'

export const watchSession = defineVerb({
  name: 'auth.session.watch',
  kind: 'read',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run(): Promise<void> {},
})
