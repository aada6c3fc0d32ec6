// An operator acts for somebody, for a quarter of an hour and a reason that the person gets to see. The operator's own
// session stays and is what this one hangs on: it is found only as long as that one holds (find-credential.ts).
import { startImpersonation as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { holdPeople } from '../accounts/hold-person.ts'
import { presentTime } from '../present-time.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret, isTokenShaped, newToken } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { endImpersonation } from './end-impersonation.ts'
import { mailVisit } from './mail-visit.ts'
import { newWayBack } from './way-back.ts'

export interface StartedImpersonation {
  /** The cookie's value, known to this answer only. */
  readonly cookie: string
  /** For the cookie that brings the operator back. */
  readonly ownCookie: string
  /** Their own session is made of tokens: its access token leaves the browser until they come back. */
  readonly ofTokens: boolean
  readonly ownMaxAgeMs: number
  readonly maxAgeMs: number
  readonly expiresAt: number
}

export const startImpersonation = defineVerb({
  name: 'admin.impersonate.start',
  kind: 'write',
  reach: 'platform',
  // No keys: whoever acts for somebody sits at a browser and has just proven who they are.
  access: { actors: ['user'], role: 'viewer' },
  input: contract.body.extend({
    /** The operator's own cookie: opaque, or an access token. */
    ownCookie: z.string().refine(isTokenShaped).optional(),
    ownAccess: z.string().optional(),
    device: z.string().max(100),
    /** The client's address; kept as a pseudonym. */
    address: z.string(),
  }),
  async run(ctx, { user_id, reason, ownCookie, ownAccess, device, address }): Promise<StartedImpersonation> {
    const { db, clock, ids, actor, services, requestId } = ctx
    if (actor.kind !== 'user' || !actor.operator) throw serviceError('operator_required')
    const { sessionId, userId: operatorId } = await requireRecentProof(ctx)
    if (ownCookie === undefined) {
      // Of this very session: a token that was shown in a header beside other cookies is a program's.
      const own = await services.identity.tokens.verifyAccess(ownAccess ?? '')
      if ('refused' in own || own.sessionId !== sessionId) throw serviceError('credential_unsuitable')
    }
    const { policy, events, pseudonyms } = services.identity
    const tables = db.tables<IdentityTables>()
    const personId = fromPublicId('usr', user_id) ?? ''
    // Starts at the same time take turns, and so does whatever closes one of the two accounts.
    await holdPeople(db, [operatorId, personId])
    const now = clock.now()
    // What ends the own session at the same time comes before this, or finds what is begun here and ends it.
    const own = await tables
      .updateTable('sessions')
      .set((by) => ({ ended_at: by.ref('ended_at') }))
      .where('id', '=', sessionId)
      .where('ended_at', 'is', null)
      .returning(['token_hash', 'expires_at'])
      .executeTakeFirst()
    if (!own) throw serviceError('credential_invalid')
    const { operator } = await tables
      .selectFrom('users')
      .select('operator')
      .where('id', '=', operatorId)
      .executeTakeFirstOrThrow()
    const anothers = ownCookie !== undefined && own.token_hash !== hashSecret(ownCookie)
    // By the row, not by what a cache believed a second ago.
    if (operator !== 1 || anothers) throw serviceError('operator_required')
    const person = await tables
      .selectFrom('users')
      .leftJoin('memberships', 'memberships.user_id', 'users.id')
      .select(['users.id', 'users.email', 'users.status', 'users.operator', 'memberships.workspace_id'])
      .where('users.id', '=', personId)
      .orderBy('memberships.created_at')
      .orderBy('memberships.workspace_id')
      .executeTakeFirst()
    if (!person) throw serviceError('user_not_found')
    const workspaceId = person.workspace_id
    const refused = person.id === operatorId || person.operator === 1 || person.status !== 'active'
    if (refused || workspaceId === null) throw serviceError('impersonation_refused')
    // One at a time: a second window would leave a session behind that nobody stops.
    const earlier = await tables
      .selectFrom('sessions')
      .select('id')
      .where('impersonator_session_id', '=', sessionId)
      .where('ended_at', 'is', null)
      .execute()
    for (const { id } of earlier) await endImpersonation(ctx, id, 'stopped')
    const back = ownCookie === undefined ? newWayBack() : { text: ownCookie, acting: newToken().text }
    const id = ids.next()
    const expiresAt = Math.min(now + policy.impersonationMs, own.expires_at)
    await tables
      .insertInto('sessions')
      .values({
        id,
        token_hash: hashSecret(back.acting),
        user_id: person.id,
        workspace_id: workspaceId,
        method: 'impersonation',
        device,
        network: pseudonyms('address', address),
        // Nobody has proven to be this person.
        proven_at: null,
        impersonator_id: operatorId,
        impersonator_session_id: sessionId,
        impersonation_reason: reason,
        created_at: now,
        last_seen_at: now,
        expires_at: expiresAt,
        ended_at: null,
        ended_reason: null,
      })
      .execute()
    if (policy.mailImpersonated) await mailVisit(ctx, { to: person.email, reason, expiresAt })
    await ctx.audit({
      action: 'impersonation.started',
      target: { kind: 'user', id: person.id },
      details: { session: id, expires_at: presentTime(expiresAt) },
      // Written by hand: it may name people.
      personal: { reason },
      workspaceId,
    })
    db.afterCommit(() =>
      events.emit({
        event: 'impersonation.started',
        requestId,
        actorId: operatorId,
        workspaceId,
        address,
        details: { user: person.id, session: id },
      }),
    )
    return {
      cookie: back.acting,
      ownCookie: back.text,
      ofTokens: ownCookie === undefined,
      ownMaxAgeMs: own.expires_at - now,
      maxAgeMs: expiresAt - now,
      expiresAt,
    }
  },
})
