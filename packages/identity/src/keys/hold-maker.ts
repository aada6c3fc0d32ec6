// Who makes, rotates or changes a key, held until the transaction ends: what ends a person's keys (a reset, the end of a
// membership or of the account) comes either before, and is seen here, or after, and finds the new key.
import { decodeJson } from '@levqor/database'
import { asSystemTransaction } from '@levqor/database/system'
import { serviceError } from '@levqor/server'
import { holdPerson } from '../accounts/hold-person.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WorkspaceWriteContext } from '../services.ts'
import { holdWorkspaceRow } from '../workspaces/hold-workspace-row.ts'

/** Until when and from where a maker may act themselves: a key does not escape its own terms by another one. */
export interface OwnTerms {
  /** Epoch milliseconds; null: no end. */
  readonly expiresAt: number | null
  /** Null: from anywhere. */
  readonly addresses: readonly string[] | null
}

/** Behind every key stands a person: one that is made with a key belongs to the same. People have no terms. */
export interface Maker extends OwnTerms {
  readonly personId: string
}

/**
 * @throws ServiceError `credential_invalid` when the caller's key, or their membership, has ended meanwhile; `key_rotated` for
 * a key that has a successor: it may do its work until its time is over, but not outlive it by keys of its own
 */
export async function holdMaker(ctx: WorkspaceWriteContext): Promise<Maker> {
  const { db, workspaceId } = ctx
  const personId = await personBehind(ctx)
  await holdWorkspaceRow(db, workspaceId)
  await holdPerson(asSystemTransaction(db), personId)
  const member = await db
    .tables<IdentityTables>()
    .selectFrom('memberships')
    .select('user_id')
    .where('user_id', '=', personId)
    .executeTakeFirst()
  if (!member) throw serviceError('credential_invalid')
  return { personId, ...(await ownTerms(ctx)) }
}

/** @throws ServiceError `key_rotated` when the caller is a key that has a successor */
export async function refuseRotatedKey(ctx: WorkspaceWriteContext): Promise<void> {
  await ownTerms(ctx)
}

async function personBehind({ actor, db }: WorkspaceWriteContext): Promise<string> {
  if (actor.kind === 'user') return actor.id
  if (actor.kind !== 'apiKey') throw serviceError('credential_unsuitable')
  const { created_by } = await db
    .tables<IdentityTables>()
    .selectFrom('api_keys')
    .select('created_by')
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  return created_by
}

async function ownTerms({ actor, db, clock }: WorkspaceWriteContext): Promise<OwnTerms> {
  if (actor.kind !== 'apiKey') return { expiresAt: null, addresses: null }
  const own = await db
    .tables<IdentityTables>()
    .selectFrom('api_keys')
    .select(['expires_at', 'allowed_addresses', 'revoked_at', 'successor_id'])
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  if (own.successor_id !== null) {
    throw serviceError('key_rotated', { detail: 'The key that you use has been rotated: use its successor.' })
  }
  if (own.revoked_at !== null || (own.expires_at !== null && own.expires_at <= clock.now())) {
    throw serviceError('credential_invalid')
  }
  return {
    expiresAt: own.expires_at,
    addresses: own.allowed_addresses === null ? null : decodeJson<string[]>(own.allowed_addresses),
  }
}
