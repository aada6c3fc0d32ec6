// Where the caller is signed in, and when operators acted for them.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { type SessionFacts, sessionColumns, type VisitFacts } from './present-session.ts'

// Nobody reads more; the oldest by last use are left out.
const mostShown = 100

export interface SessionList {
  readonly sessions: readonly SessionFacts[]
  /** Of the last 30 days: for so long ended sessions are kept. */
  readonly visits: readonly (VisitFacts & { readonly now: number })[]
}

export const listSessions = defineVerb({
  name: 'auth.sessions.list',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run({ db, actor, clock, services }): Promise<SessionList> {
    requireUser(actor)
    const now = clock.now()
    const rows = await db
      .tables<IdentityTables>()
      .selectFrom('sessions')
      .select(sessionColumns)
      .where('user_id', '=', actor.id)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', now - services.identity.policy.sessionIdleMs)
      .orderBy('last_seen_at', 'desc')
      .orderBy('id', 'desc')
      .limit(mostShown)
      .execute()
    const visits = await db
      .tables<IdentityTables>()
      .selectFrom('sessions')
      .select(['id', 'impersonation_reason', 'created_at', 'ended_at', 'expires_at'])
      .where('user_id', '=', actor.id)
      .where('impersonator_id', 'is not', null)
      .orderBy('created_at', 'desc')
      .limit(mostShown)
      .execute()
    return {
      sessions: rows.map((row) => ({ ...row, current: row.id === actor.sessionId })),
      visits: visits.map((visit) => ({ ...visit, now })),
    }
  },
})
