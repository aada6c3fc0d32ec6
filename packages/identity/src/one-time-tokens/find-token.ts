// A one-time token by what its holder shows. Looking uses nothing up.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables, OneTimeTokenRow, TokenPurpose } from '../schema/identity-tables.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import { decodeTokenData, type TokenData } from './token-data.ts'

interface Shown<P extends TokenPurpose> {
  readonly token: string
  readonly purpose: P
}

/** Whatever has become of it. Its `data` is for {@link decodeTokenData}: what was used up may keep nothing. */
export function findToken(
  db: Pick<SystemReader, 'tables'>,
  { token, purpose }: Shown<TokenPurpose>,
): Promise<Omit<OneTimeTokenRow, 'token_hash' | 'purpose' | 'created_at'> | undefined> {
  return db
    .tables<IdentityTables>()
    .selectFrom('one_time_tokens')
    .select(['id', 'user_id', 'email', 'data', 'expires_at', 'used_at'])
    .where('token_hash', '=', hashSecret(token))
    .where('purpose', '=', purpose)
    .executeTakeFirst()
}

/** One that can still be used. */
export interface OpenToken<P extends TokenPurpose> {
  readonly id: string
  readonly userId: string | null
  readonly email: string | null
  readonly data: TokenData<P>
  readonly expiresAt: number
}

/** @returns undefined when it was never made, is used up or too old */
export async function findOpenToken<P extends TokenPurpose>(
  db: Pick<SystemReader, 'tables'>,
  { now, ...shown }: Shown<P> & { readonly now: number },
): Promise<OpenToken<P> | undefined> {
  const row = await findToken(db, shown)
  if (!row || row.used_at !== null || row.expires_at <= now) return undefined
  const { id, user_id: userId, email, expires_at: expiresAt } = row
  return { id, userId, email, data: decodeTokenData(shown.purpose, row.data), expiresAt }
}
