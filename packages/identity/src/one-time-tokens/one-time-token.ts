// What is mailed once and proves one thing. The row is written when somebody asks, without looking whether the address is
// known; the token and its mail are made after the answer, by deliver-token-mail.ts.
import { decodeJson, encodeJson, type SystemTransaction } from '@levqor/database'
import { serviceError, type VerbContext } from '@levqor/server'
import type { IdentityTables, OneTimeTokenRow } from '../schema/identity-tables.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import type { IdentityServices } from '../services.ts'

type Context = VerbContext<'write', 'platform', IdentityServices>
export type TokenPurpose = OneTimeTokenRow['purpose']

/** Writes the row of a token that is not made yet. Returns its id. */
export async function insertAskedToken(
  { db, ids, clock }: Context,
  facts: {
    readonly purpose: TokenPurpose
    readonly email: string
    readonly lifetimeMs: number
    readonly data?: Readonly<Record<string, unknown>>
  },
): Promise<string> {
  const id = ids.next()
  const now = clock.now()
  await db
    .tables<IdentityTables>()
    .insertInto('one_time_tokens')
    .values({
      id,
      purpose: facts.purpose,
      // No digest looks like this, so nobody can use it.
      token_hash: `asked:${id}`,
      user_id: null,
      email: facts.email,
      data: encodeJson(facts.data ?? {}),
      created_at: now,
      expires_at: now + facts.lifetimeMs,
      used_at: null,
    })
    .execute()
  return id
}

/** A token that has just been used up. */
export interface UsedToken {
  readonly id: string
  readonly email: string
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * Uses a token up: of all who try at once, one succeeds.
 * @throws ServiceError `token_invalid`, `token_used`, `token_expired`
 */
export async function consumeToken(
  db: SystemTransaction,
  { token, purpose, now }: { readonly token: string; readonly purpose: TokenPurpose; readonly now: number },
): Promise<UsedToken> {
  const tables = db.tables<IdentityTables>()
  const known = await tables
    .selectFrom('one_time_tokens')
    .select(['id', 'email', 'data', 'expires_at', 'used_at'])
    .where('token_hash', '=', hashSecret(token))
    .where('purpose', '=', purpose)
    .executeTakeFirst()
  if (!known) throw serviceError('token_invalid')
  if (known.used_at !== null) throw serviceError('token_used')
  if (known.expires_at <= now) throw serviceError('token_expired')
  const { numUpdatedRows } = await tables
    .updateTable('one_time_tokens')
    // What it held, a password's hash perhaps, has served its purpose; the row stays to say that it was used.
    .set({ used_at: now, data: encodeJson({}) })
    .where('id', '=', known.id)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) throw serviceError('token_used')
  return { id: known.id, email: known.email ?? '', data: decodeJson(known.data) }
}
