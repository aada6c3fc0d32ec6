// Looks whether what somebody gives as proof is right. Nothing is used up yet.
import { timingSafeEqual } from 'node:crypto'
import { decodeTokenData } from '../one-time-tokens/token-data.ts'
import { preparePassword } from '../passwords/password-rules.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { checkCode, type RightCode } from '../second-factor/check-code.ts'
import { requireRight } from '../secrets/attempt-result.ts'
import type { ReadContext } from '../services.ts'
import type { OwnSession } from '../sessions/require-own-session.ts'
import { digestProofCode } from './proof-code.ts'

/** What was right, and what `run` has to use up or look at again. */
export type CheckedProof =
  | { readonly method: 'password'; readonly passwordHash: string }
  | { readonly method: 'mail'; readonly tokenId: string }
  | { readonly method: 'totp' | 'recovery-code'; readonly right: RightCode }

/** @throws ServiceError `second_factor_wrong`, `locked`, `limits_unavailable` */
export async function checkCodeProof(
  ctx: ReadContext,
  { userId, sessionId }: OwnSession,
  { code, addressKey }: { readonly code: string; readonly addressKey: string },
): Promise<CheckedProof> {
  const right = await checkCode(ctx, { userId, code, addressKey, knownDevice: sessionId })
  return { method: right.kind, right }
}

/** @throws ServiceError `password_wrong`, `locked`, `limits_unavailable`, `busy` */
export async function checkPasswordProof(
  { db, services, requestId }: ReadContext,
  { userId, sessionId }: OwnSession,
  { password, addressKey }: { readonly password: string; readonly addressKey: string },
): Promise<CheckedProof> {
  const { attempt, passwords } = services.identity
  const user = await db
    .tables<IdentityTables>()
    .selectFrom('users')
    .select(['email', 'password_hash'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  const passwordHash = user.password_hash ?? passwords.dummy
  // The session is the known device: nobody else's failures keep the owner from this.
  const subject = { account: user.email, address: addressKey, knownDevice: sessionId, requestId }
  const result = await attempt(subject, async () =>
    (await passwords.verify(passwordHash, preparePassword(password))) ? true : undefined,
  )
  requireRight(result, 'password_wrong')
  return { method: 'password', passwordHash }
}

/** @throws ServiceError `proof_code_wrong`, `locked`, `limits_unavailable` */
export async function checkMailProof(
  { db, clock, services, requestId }: ReadContext,
  { userId, sessionId }: OwnSession,
  { code, addressKey }: { readonly code: string; readonly addressKey: string },
): Promise<CheckedProof> {
  // No known device: only the person's own sessions get here, and several stolen ones shall not add up.
  const subject = { account: `proof-mail:${userId}`, address: addressKey, requestId }
  const result = await services.identity.attempt(subject, async () => {
    const rows = await db
      .tables<IdentityTables>()
      .selectFrom('one_time_tokens')
      .select(['id', 'token_hash', 'data'])
      .where('user_id', '=', userId)
      .where('purpose', '=', 'proof')
      .where('used_at', 'is', null)
      .where('expires_at', '>', clock.now())
      .execute()
    const right = rows.find(({ id, token_hash, data }) => {
      const given = digestProofCode(services, id, code.replace(/\s/g, ''))
      const own = decodeTokenData('proof', data).session === sessionId
      return own && timingSafeEqual(Buffer.from(given), Buffer.from(token_hash))
    })
    return right?.id
  })
  return { method: 'mail', tokenId: requireRight(result, 'proof_code_wrong') }
}
