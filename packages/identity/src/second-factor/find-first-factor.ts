// The sign-in that waits for its second factor, as its cookie names it. Looking uses nothing up.
import { signInMethods } from '@levqor/client'
import { decodeJson, type SystemReader } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret } from '../secrets/opaque-token.ts'
import type { SignInProof } from '../sessions/start-session.ts'

export interface FirstFactor {
  /** Of the row. */
  readonly id: string
  readonly userId: string
  readonly proof: SignInProof
  readonly expiresAt: number
}

/** As `signIn` wrote it. */
const keptProof = z.object({
  email: z.string(),
  method: z.enum(signInMethods),
  device: z.string(),
  network: z.string(),
  provesMailbox: z.boolean(),
  transport: z.literal('bearer').optional(),
  details: z.record(z.string(), z.unknown()).default({}),
})

/**
 * @param token the cookie's value
 * @throws ServiceError `second_factor_expired` when it is none, is used up or too old, or was made void since
 */
export async function findFirstFactor(
  db: Pick<SystemReader, 'tables'>,
  { token, now }: { readonly token: string | undefined; readonly now: number },
): Promise<FirstFactor> {
  const row =
    token === undefined
      ? undefined
      : await db
          .tables<IdentityTables>()
          .selectFrom('one_time_tokens')
          .innerJoin('users', 'users.id', 'one_time_tokens.user_id')
          .select([
            'one_time_tokens.id',
            'one_time_tokens.data',
            'one_time_tokens.expires_at',
            'users.id as user_id',
          ])
          .where('one_time_tokens.token_hash', '=', hashSecret(token))
          .where('one_time_tokens.purpose', '=', 'second-factor')
          .where('one_time_tokens.used_at', 'is', null)
          .where('one_time_tokens.expires_at', '>', now)
          .where('users.status', '=', 'active')
          .executeTakeFirst()
  if (!row) throw serviceError('second_factor_expired')
  const proof = keptProof.parse(decodeJson(row.data))
  return { id: row.id, userId: row.user_id, proof, expiresAt: row.expires_at }
}
