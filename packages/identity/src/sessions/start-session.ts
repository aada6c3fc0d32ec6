// Begins the session of a person who has just proven who they are, in their oldest workspace.
import { people } from '../me/people.ts'
import type { MyFacts } from '../me/present-me.ts'
import type { IdentityTables, SecondFactor, SignInMethod } from '../schema/identity-tables.ts'
import { newToken } from '../secrets/opaque-token.ts'
import type { WriteContext } from '../services.ts'
import { accessFor, type SessionCredential, type Transport } from './session-credential.ts'

export interface StartedSession {
  readonly me: MyFacts
  readonly credential: SessionCredential
  readonly maxAgeMs: number
}

/** How somebody has proven who they are. */
export interface SignInProof {
  readonly email: string
  readonly method: SignInMethod
  /** What was asked for beside it, or was part of it. */
  readonly secondFactor?: SecondFactor
  readonly device: string
  /** Pseudonym of the network it came from. */
  readonly network: string
  /** The proof reached the mailbox, so the address is theirs. */
  readonly provesMailbox: boolean
  /** By a link made on the machine: whoever can make one holds the database, and no second factor could stop them. */
  readonly madeOnMachine?: boolean
  /** A program's sign-in has no cookies, whatever the style of this installation. */
  readonly transport?: Transport
  /** For the audit log. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** @returns undefined when the account was closed, or lost its last workspace, since it was looked at */
export async function startSession(
  ctx: WriteContext,
  proof: SignInProof,
  address: string,
): Promise<StartedSession | undefined> {
  const { db, clock, ids, services, requestId } = ctx
  const { policy, tokens, events } = services.identity
  const tables = db.tables<IdentityTables>()
  const person = await people(db)
    .innerJoin('memberships', 'memberships.user_id', 'users.id')
    .innerJoin('workspaces', 'workspaces.id', 'memberships.workspace_id')
    .select([
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
  const family =
    proof.transport === 'bearer' || policy.sessionStyle === 'token'
      ? await tokens.start(db, person.id)
      : undefined
  const expiresAt = family?.expiresAtMs ?? now + policy.sessionAbsoluteMs
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
      second_factor: proof.secondFactor ?? null,
      created_at: now,
      last_seen_at: now,
      expires_at: expiresAt,
      ended_at: null,
      ended_reason: null,
      refresh_family_id: family?.familyId ?? null,
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
    details: {
      user: person.id,
      method: proof.method,
      ...(proof.secondFactor === undefined ? {} : { second_factor: proof.secondFactor }),
      device: proof.device,
      ...proof.details,
    },
    workspaceId: person.workspace_id,
  })
  db.afterCommit(() =>
    events.emit({
      event: 'auth.succeeded',
      requestId,
      address,
      actorId: person.id,
      workspaceId: person.workspace_id,
      details: {
        method: proof.method,
        ...(proof.secondFactor === undefined ? {} : { second_factor: proof.secondFactor }),
      },
    }),
  )
  return {
    me: {
      user: person,
      workspace: { id: person.workspace_id, name: person.workspace_name },
      role: person.role,
      operator: person.operator === 1,
      sessionExpiresAt: expiresAt,
    },
    credential: family
      ? {
          kind: 'tokens',
          transport: proof.transport,
          refresh: family.token,
          ...(await accessFor(services, { id, userId: person.id, expiresAt }, now)),
        }
      : { kind: 'opaque', cookie: token.text },
    maxAgeMs: expiresAt - now,
  }
}
