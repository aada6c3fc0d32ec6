// Begins the session of a person who has just proven who they are, in their oldest workspace.
import { serviceError, type VerbContext } from '@levqor/server'
import type { MyFacts } from '../me/describe-me.ts'
import type { IdentityTables, MagicLinkRow } from '../schema/identity-tables.ts'
import { newToken } from '../secrets/opaque-token.ts'
import type { IdentityServices } from '../services.ts'

export interface StartedSession {
  readonly me: MyFacts
  /** The cookie's value, known to this answer only. */
  readonly cookie: string
  readonly maxAgeMs: number
}

export async function startSession(
  ctx: VerbContext<'write', 'platform', IdentityServices>,
  { link, device }: { readonly link: MagicLinkRow; readonly device: string },
): Promise<StartedSession> {
  const { db, clock, ids, services } = ctx
  const { sessionAbsoluteMs } = services.identity.policy
  const tables = db.tables<IdentityTables>()
  const person = await tables
    .selectFrom('users')
    .innerJoin('memberships', 'memberships.user_id', 'users.id')
    .innerJoin('workspaces', 'workspaces.id', 'memberships.workspace_id')
    .select([
      'users.id',
      'users.email',
      'users.name',
      'users.operator',
      'users.email_verified_at',
      'memberships.role',
      'workspaces.id as workspace_id',
      'workspaces.name as workspace_name',
    ])
    .where('users.email', '=', link.email)
    .where('users.status', '=', 'active')
    .orderBy('memberships.created_at')
    .orderBy('workspaces.id')
    .executeTakeFirst()
  // The account was closed, or lost its last workspace, since the link was mailed.
  if (!person) throw serviceError('link_invalid')
  const now = clock.now()
  const token = newToken()
  const id = ids.next()
  await tables
    .insertInto('sessions')
    .values({
      id,
      token_hash: token.hash,
      user_id: person.id,
      workspace_id: person.workspace_id,
      method: 'magic-link',
      device,
      created_at: now,
      last_seen_at: now,
      expires_at: now + sessionAbsoluteMs,
      ended_at: null,
      ended_reason: null,
    })
    .execute()
  // Following a mailed link proves the address; a link made on the machine proves nothing about it.
  const verified = link.purpose === 'sign-in' ? now : null
  await tables
    .updateTable('users')
    .set({ last_login_at: now, email_verified_at: person.email_verified_at ?? verified })
    .where('id', '=', person.id)
    .execute()
  await ctx.audit({
    action: 'session.started',
    target: { kind: 'session', id },
    details: { user: person.id, method: 'magic-link', link: link.purpose, device },
    workspaceId: person.workspace_id,
  })
  return {
    me: {
      user: person,
      workspace: { id: person.workspace_id, name: person.workspace_name },
      role: person.role,
      operator: person.operator === 1,
      sessionExpiresAt: now + sessionAbsoluteMs,
    },
    cookie: token.text,
    maxAgeMs: sessionAbsoluteMs,
  }
}
