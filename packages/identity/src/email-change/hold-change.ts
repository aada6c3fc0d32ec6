// From the token of a mail to its change, with the person held: what confirms, stops, withdraws and replaces takes turns.
import { serviceError } from '@levqor/server'
import { holdPerson } from '../accounts/hold-person.ts'
import { findToken } from '../one-time-tokens/find-token.ts'
import { decodeTokenData, type TokenData } from '../one-time-tokens/token-data.ts'
import type { WriteContext } from '../services.ts'

export interface HeldChange {
  readonly id: string
  readonly userId: string
  readonly data: TokenData<'change-email'>
}

/** @throws ServiceError `token_invalid`, `token_withdrawn`, `token_used`, `token_expired` */
export async function holdChange({ db, clock }: WriteContext, token: string): Promise<HeldChange> {
  const find = () => findToken(db, { token, purpose: 'change-email' })
  const userId = (await find())?.user_id
  if (!userId) throw serviceError('token_invalid')
  await holdPerson(db, userId)
  const row = await find()
  if (!row) throw serviceError('token_invalid')
  const data = decodeTokenData('change-email', row.data)
  if (data.withdrawn) throw serviceError('token_withdrawn')
  if (row.used_at !== null) throw serviceError('token_used')
  if (row.expires_at <= clock.now()) throw serviceError('token_expired')
  return { id: row.id, userId, data }
}
