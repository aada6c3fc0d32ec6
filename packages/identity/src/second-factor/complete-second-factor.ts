// The one place where a second factor that was right, together with the first, becomes a session. Every kind of second
// factor ends here.
import { serviceError } from '@levqor/server'
import { holdPerson } from '../accounts/hold-person.ts'
import { useToken } from '../one-time-tokens/use-token.ts'
import type { SecondFactor } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { signIn } from '../sessions/sign-in.ts'
import type { StartedSession } from '../sessions/start-session.ts'
import { findFirstFactor } from './find-first-factor.ts'

/** For `signInHeaders`; `me` is what the answer shows. */
export interface CompletedSignIn extends StartedSession {
  readonly outcome: 'signed-in'
  readonly deviceCookie?: string
}

export interface CompleteSecondFactor {
  /** The value of the `levqor_first_factor` cookie, if there is one. */
  readonly firstFactor: string | undefined
  /** Whose second factor was right; it must be the account of the first. */
  readonly userId: string
  readonly secondFactor: SecondFactor
  /** What the browser holds as proof that it is known; a password's sign-in adds to it. */
  readonly deviceCookie?: string | undefined
  /** For security events only, where it becomes a pseudonym. */
  readonly address: string
}

/**
 * Uses the first factor up and begins the session; call it in the transaction that uses the second factor up, and hand
 * the result to `signInHeaders`. Audits. Of all who try at once, one succeeds.
 * @throws ServiceError `second_factor_expired`
 * @example return completeSecondFactor(ctx, { firstFactor, userId: passkey.user_id, secondFactor: 'passkey', address })
 */
export async function completeSecondFactor(
  ctx: WriteContext,
  { firstFactor, userId, secondFactor, deviceCookie, address }: CompleteSecondFactor,
): Promise<CompletedSignIn> {
  const { db, clock, services } = ctx
  const now = clock.now()
  // What ends this person's sessions is waited for: it makes this first factor void.
  await holdPerson(db, userId)
  const found = await findFirstFactor(db, { token: firstFactor, now })
  if (found.userId !== userId) throw serviceError('second_factor_expired')
  if (!(await useToken(db, { id: found.id, now }))) throw serviceError('second_factor_expired')
  const { proof } = found
  const result = await signIn(ctx, { ...proof, secondFactor }, address)
  if (result?.outcome !== 'signed-in') throw serviceError('second_factor_expired')
  if (proof.method !== 'password') return result
  return { ...result, deviceCookie: services.identity.knownDevices.remember(deviceCookie, proof.email) }
}
