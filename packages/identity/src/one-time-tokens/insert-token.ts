// The one statement that writes a one-time token.
import type { IdentityTables, TokenPurpose } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { encodeTokenData, type TokenData } from './token-data.ts'

export interface NewOneTimeToken<P extends TokenPurpose> {
  /** Chosen by the caller when the digest depends on it. */
  readonly id?: string
  readonly purpose: P
  /** Digest of what its holder shows. */
  readonly hash: string
  readonly userId: string | null
  readonly email: string | null
  readonly data: TokenData<P>
  readonly lifetimeMs: number
}

export async function insertToken<P extends TokenPurpose>(
  { db, ids, clock }: Pick<WriteContext, 'db' | 'ids' | 'clock'>,
  token: NewOneTimeToken<P>,
): Promise<{ readonly id: string; readonly expiresAt: number }> {
  const { id = ids.next(), purpose, hash, userId, email, data, lifetimeMs } = token
  const now = clock.now()
  const expiresAt = now + lifetimeMs
  await db
    .tables<IdentityTables>()
    .insertInto('one_time_tokens')
    .values({
      id,
      purpose,
      token_hash: hash,
      user_id: userId,
      email,
      data: encodeTokenData(purpose, data),
      created_at: now,
      expires_at: expiresAt,
      used_at: null,
    })
    .execute()
  return { id, expiresAt }
}
