// Back to oneself. Asks for no session, because it must also work when the time is over: what counts are the two cookies,
// each a secret of its own. Nobody gains anything by it that they did not hold.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { findSession, type SessionKey } from '../authentication/find-credential.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { accessFor } from '../sessions/session-credential.ts'
import { endImpersonation } from './end-impersonation.ts'
import { actingSecret } from './way-back.ts'

/** The refresh token of a session made of tokens never left its cookie. */
export type ReturningCredential =
  | { readonly kind: 'opaque'; readonly cookie: string }
  | { readonly kind: 'access'; readonly access: string; readonly accessMaxAgeMs: number }

export interface StoppedImpersonation {
  /** The operator's own session goes on with this cookie; undefined when it has ended, too. */
  readonly own: { readonly credential: ReturningCredential; readonly maxAgeMs: number } | undefined
  /** Whether the browser acted for anybody at all: whoever did not keeps their session. */
  readonly acted: boolean
}

export const stopImpersonation = defineVerb({
  name: 'admin.impersonate.stop',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer', impersonated: 'allowed' },
  input: z.strictObject({ cookie: z.string().optional(), ownCookie: z.string().optional() }),
  async run(ctx, { cookie, ownCookie }): Promise<StoppedImpersonation> {
    const { db, clock, services } = ctx
    if (ownCookie === undefined) {
      ctx.changedNothing()
      return { own: undefined, acted: false }
    }
    const now = clock.now()
    const tables = db.tables<IdentityTables>()
    const begun = hashSecret(actingSecret(ownCookie))
    const own = await tables
      .selectFrom('sessions')
      .select(['id', 'user_id', 'expires_at', 'refresh_family_id'])
      .where((by) =>
        by.or([
          // The cookie of an opaque session, or what a session made of tokens has set out with, whatever came of that.
          by('token_hash', '=', hashSecret(ownCookie)),
          by(
            'id',
            '=',
            by
              .selectFrom('sessions as visit')
              .select('visit.impersonator_session_id')
              .where('visit.token_hash', '=', begun),
          ),
        ]),
      )
      .executeTakeFirst()
    if (!own) throw serviceError('credential_invalid')
    const acting = await tables
      .selectFrom('sessions')
      .select('id')
      .where('token_hash', 'in', [hashSecret(cookie ?? ''), begun])
      .where('impersonator_session_id', '=', own.id)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (!acting || !(await endImpersonation(ctx, acting.id, 'stopped'))) ctx.changedNothing()
    const { sessionIdleMs } = services.identity.policy
    const session = { id: own.id, userId: own.user_id, expiresAt: own.expires_at }
    const ofTokens = own.refresh_family_id !== null
    const key: SessionKey = ofTokens ? { ...session, by: 'cookie' } : { hash: hashSecret(ownCookie) }
    if (!(await findSession(db, key, now, sessionIdleMs))) return { own: undefined, acted: true }
    const credential: ReturningCredential = ofTokens
      ? { kind: 'access', ...(await accessFor(services, session, now)) }
      : { kind: 'opaque', cookie: ownCookie }
    return { own: { credential, maxAgeMs: own.expires_at - now }, acted: true }
  },
})
