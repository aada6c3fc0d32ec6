// The sign-in that waits for its second factor, as its cookie names it. Looking uses nothing up.
import type { SystemReader } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { findOpenToken } from '../one-time-tokens/find-token.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { SignInProof } from '../sessions/start-session.ts'

export interface FirstFactor {
  /** Of the row. */
  readonly id: string
  readonly userId: string
  readonly proof: SignInProof
  readonly expiresAt: number
}

/**
 * @param token the cookie's value
 * @throws ServiceError `second_factor_expired` when it is none, is used up or too old, or was made void since
 */
export async function findFirstFactor(
  db: Pick<SystemReader, 'tables'>,
  { token, now }: { readonly token: string | undefined; readonly now: number },
): Promise<FirstFactor> {
  const open =
    token === undefined ? undefined : await findOpenToken(db, { token, purpose: 'second-factor', now })
  if (!open) throw serviceError('second_factor_expired')
  const user = await db
    .tables<IdentityTables>()
    .selectFrom('users')
    .select('id')
    .where('id', '=', open.userId)
    .where('status', '=', 'active')
    .executeTakeFirst()
  if (!user) throw serviceError('second_factor_expired')
  return { id: open.id, userId: user.id, proof: open.data, expiresAt: open.expiresAt }
}
