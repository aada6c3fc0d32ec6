// Whose the session is and where it acts, for pages that lie open: another tab may have changed either. Asked every few
// seconds, so it costs no look into the database beyond the session's own, and is no use of it (create-authenticator.ts);
// what a page refreshes by itself besides, such as a list of jobs, is.
import { type SessionContext, toPublicId } from '@levqor/client'
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import { defineVerb } from '../services.ts'

export const watchSession = defineVerb({
  name: 'auth.session.watch',
  kind: 'read',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run({ actor }): Promise<SessionContext> {
    requireUser(actor)
    return {
      session_id: toPublicId('ses', actor.sessionId),
      user_id: toPublicId('usr', actor.id),
      workspace_id: toPublicId('ws', actor.workspaceId),
    }
  },
})
