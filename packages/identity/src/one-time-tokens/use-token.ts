// Uses one-time tokens up.
import { encodeJson, type SystemTransaction } from '@levqor/database'
import { serviceError } from '@levqor/server'
import type { IdentityTables, TokenPurpose } from '../schema/identity-tables.ts'
import { findToken } from './find-token.ts'
import { decodeTokenData, type TokenData } from './token-data.ts'

/**
 * The one statement that decides: of all who try at once, one succeeds.
 * @param facts `data`: what the row keeps from now on, encoded; left out: what it kept before
 * @returns whether it was the caller who used it; false also when it is too old
 */
export async function useToken(
  db: SystemTransaction,
  { id, now, data }: { readonly id: string; readonly now: number; readonly data?: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .tables<IdentityTables>()
    .updateTable('one_time_tokens')
    .set({ used_at: now, ...(data === undefined ? {} : { data }) })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** A token that has just been used up. */
export interface UsedToken<P extends TokenPurpose> {
  readonly id: string
  readonly email: string
  readonly data: TokenData<P>
}

/**
 * Uses up what was mailed, and says why it cannot be used.
 * @throws ServiceError `token_invalid`, `token_used`, `token_expired`
 */
export async function consumeToken<P extends TokenPurpose>(
  db: SystemTransaction,
  { token, purpose, now }: { readonly token: string; readonly purpose: P; readonly now: number },
): Promise<UsedToken<P>> {
  const known = await findToken(db, { token, purpose })
  if (!known) throw serviceError('token_invalid')
  if (known.used_at !== null) throw serviceError('token_used')
  if (known.expires_at <= now) throw serviceError('token_expired')
  // What it held, a password's hash perhaps, has served its purpose; the row stays to say that it was used.
  const used = await useToken(db, { id: known.id, now, data: encodeJson({}) })
  if (!used) throw serviceError('token_used')
  return { id: known.id, email: known.email ?? '', data: decodeTokenData(purpose, known.data) }
}
