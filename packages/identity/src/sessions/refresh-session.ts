// Renews a session made of tokens: the refresh token shown becomes the next of its family, with a new access token. How the
// tokens turn is the guard's; whether the session still holds is its row's.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { userOf } from '../actor.ts'
import { findSession, type SessionKey } from '../authentication/find-credential.ts'
import { myFacts } from '../me/my-facts.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { accessFor, type Transport } from './session-credential.ts'
import type { StartedSession } from './start-session.ts'

export type RefreshedSession =
  | ({ readonly outcome: 'renewed' } & StartedSession)
  /** An opaque session: there is nothing to renew. */
  | { readonly outcome: 'unchanged'; readonly me: StartedSession['me'] }
  /** The way to end the cookies of a session that is over. */
  | { readonly outcome: 'ended'; readonly transport: Transport }

type Rotated = { readonly token: string; readonly familyId: string } | 'opaque' | 'refused'

export const refreshSession = defineVerb({
  name: 'auth.refresh',
  // What is written is the family's next step, in a transaction of its own: a hundred renewals at once must not wait for one
  // another at the session's row as well.
  kind: 'read',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: z.strictObject({
    /** From the body, where it is a program's, or from the cookie of its own. */
    refresh: z.string().optional(),
    transport: z.literal('bearer').optional(),
    /** The opaque session cookie. It goes before the refresh cookie, as it does at every other route. */
    session: z.string().optional(),
    /** The browser belongs to an operator who acts, or has acted until their time was over, for somebody else. */
    acting: z.boolean(),
    /** For security events only, where it becomes a pseudonym. */
    address: z.string(),
  }),
  async prepare({ services, requestId }, { refresh, transport, session, acting, address }): Promise<Rotated> {
    if (transport === undefined && session !== undefined) return 'opaque'
    if (refresh === undefined) throw serviceError('credential_missing')
    // Or whoever has just acted for somebody would find themselves an operator again in the middle of it.
    if (transport === undefined && acting) throw serviceError('not_while_impersonating')
    const result = await services.identity.tokens.rotate(refresh, { address, requestId })
    return result.outcome === 'refused' ? 'refused' : result
  },
  async run(ctx, { transport, session }, rotated): Promise<RefreshedSession> {
    const { db, clock, services } = ctx
    const { policy } = services.identity
    const now = clock.now()
    const ended = { outcome: 'ended', transport } as const
    if (rotated === 'refused') return ended
    const key = rotated === 'opaque' ? { hash: hashSecret(session ?? '') } : await keyOf(rotated.familyId)
    const found = key && (await findSession(db, key, now, policy.sessionIdleMs))
    const actor = found && userOf(found)
    if (!actor) return ended
    const workspace = await db
      .tables<IdentityTables>()
      .selectFrom('workspaces')
      .select(['id', 'name'])
      .where('id', '=', actor.workspaceId)
      .executeTakeFirstOrThrow()
    const me = await myFacts(db, actor, workspace)
    if (rotated === 'opaque') return { outcome: 'unchanged', me }
    services.identity.noteUse(found)
    const expiresAt = me.sessionExpiresAt
    return {
      outcome: 'renewed',
      me,
      maxAgeMs: expiresAt - now,
      credential: {
        kind: 'tokens',
        transport,
        refresh: rotated.token,
        ...(await accessFor(services, { id: actor.sessionId, userId: actor.id, expiresAt }, now)),
      },
    }

    async function keyOf(familyId: string): Promise<SessionKey | undefined> {
      const row = await db
        .tables<IdentityTables>()
        .selectFrom('sessions')
        .select(['id', 'user_id'])
        .where('refresh_family_id', '=', familyId)
        .executeTakeFirst()
      return row && { id: row.id, userId: row.user_id, by: 'cookie' }
    }
  },
})
