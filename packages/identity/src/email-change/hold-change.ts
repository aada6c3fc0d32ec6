// From the token of a mail to its change, with the person held: what confirms, stops, withdraws and replaces takes turns.
import { decodeJson } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { holdPerson } from '../accounts/hold-person.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import type { WriteContext } from '../services.ts'
import type { EmailChangeData } from './email-change.ts'

export interface HeldChange {
  readonly id: string
  readonly userId: string
  readonly data: EmailChangeData
}

/** @throws ServiceError `token_invalid`, `token_withdrawn`, `token_used`, `token_expired` */
export async function holdChange({ db, clock }: WriteContext, token: string): Promise<HeldChange> {
  const hash = hashSecret(token)
  const find = () =>
    db
      .tables<IdentityTables>()
      .selectFrom('one_time_tokens')
      .select(['id', 'user_id', 'used_at', 'expires_at', 'data'])
      .where('token_hash', '=', hash)
      .where('purpose', '=', 'change-email')
      .executeTakeFirst()
  const userId = (await find())?.user_id
  if (!userId) throw serviceError('token_invalid')
  await holdPerson(db, userId)
  const row = await find()
  if (!row) throw serviceError('token_invalid')
  const data = decodeJson<EmailChangeData>(row.data)
  if (data.withdrawn) throw serviceError('token_withdrawn')
  if (row.used_at !== null) throw serviceError('token_used')
  if (row.expires_at <= clock.now()) throw serviceError('token_expired')
  return { id: row.id, userId, data }
}
