// A change of address by the token of one of its two mails.
import type { SystemReader } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { findToken } from '../one-time-tokens/find-token.ts'
import { decodeTokenData, type TokenData } from '../one-time-tokens/token-data.ts'

export interface FoundChange {
  readonly id: string
  readonly userId: string
  readonly usedAt: number | null
  readonly expiresAt: number
  readonly data: TokenData<'change-email'>
}

/** @throws ServiceError `token_invalid` */
export async function findChange(db: Pick<SystemReader, 'tables'>, token: string): Promise<FoundChange> {
  const row = await findToken(db, { token, purpose: 'change-email' })
  if (!row?.user_id) throw serviceError('token_invalid')
  return {
    id: row.id,
    userId: row.user_id,
    usedAt: row.used_at,
    expiresAt: row.expires_at,
    data: decodeTokenData('change-email', row.data),
  }
}

/** @throws ServiceError `token_withdrawn`, `token_used`, `token_expired` */
export function requireOpenChange({ data, usedAt, expiresAt }: FoundChange, now: number): void {
  if (data.withdrawn) throw serviceError('token_withdrawn')
  if (usedAt !== null) throw serviceError('token_used')
  if (expiresAt <= now) throw serviceError('token_expired')
}
