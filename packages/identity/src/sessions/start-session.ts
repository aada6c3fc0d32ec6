// Begins the session of a person who has just proven who they are, in their oldest workspace.
import type { VerbContext } from '@levqor/server'
import type { MyFacts } from '../me/describe-me.ts'
import type { IdentityTables, SignInMethod } from '../schema/identity-tables.ts'
import { newToken } from '../secrets/opaque-token.ts'
import type { IdentityServices } from '../services.ts'

export interface StartedSession {
  readonly me: MyFacts
  /** The cookie's value, known to this answer only. */
  readonly cookie: string
  readonly maxAgeMs: number
}

/** How somebody has proven who they are. */
export interface SignInProof {
  readonly email: string
  readonly method: SignInMethod
  readonly device: string
  /** Pseudonym of the network it came from. */
  readonly network: string
  /** The proof reached the mailbox, so the address is theirs. */
  readonly provesMailbox: boolean
  /** For the audit log. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** @returns undefined when the account was closed, or lost its last workspace, since it was looked at */
export async function startSession(
  ctx: VerbContext<'write', 'platform', IdentityServices>,
  proof: SignInProof,
): Promise<StartedSession | undefined> {
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
    .where('users.email', '=', proof.email)
    .where('users.status', '=', 'active')
    .orderBy('memberships.created_at')
    .orderBy('workspaces.id')
    .executeTakeFirst()
  if (!person) return undefined
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
      method: proof.method,
      device: proof.device,
      network: proof.network,
      proven_at: now,
      created_at: now,
      last_seen_at: now,
      expires_at: now + sessionAbsoluteMs,
      ended_at: null,
      ended_reason: null,
    })
    .execute()
  const verified = person.email_verified_at ?? (proof.provesMailbox ? now : null)
  await tables
    .updateTable('users')
    .set({
      last_login_at: now,
      last_login_address: proof.network,
      last_login_device: proof.device,
      email_verified_at: verified,
    })
    .where('id', '=', person.id)
    .execute()
  await ctx.audit({
    action: 'session.started',
    target: { kind: 'session', id },
    details: { user: person.id, method: proof.method, device: proof.device, ...proof.details },
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
