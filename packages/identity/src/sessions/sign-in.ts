// The one place where a first factor that was right becomes a session, or a question for the second. Every way to sign in
// ends here, so that none of them goes around the second factor.
import { holdPersonAt } from '../accounts/hold-person.ts'
import { insertToken } from '../one-time-tokens/insert-token.ts'
import type { SecondFactor } from '../schema/identity-tables.ts'
import { hasTotp } from '../second-factor/has-totp.ts'
import { secondFactorMethods } from '../second-factor/second-factor-methods.ts'
import { newToken } from '../secrets/opaque-token.ts'
import type { WriteContext } from '../services.ts'
import type { Transport } from './session-credential.ts'
import { type SignInProof, type StartedSession, startSession } from './start-session.ts'

/** A first factor was right, and the account has a second. */
export interface FirstFactorAccepted {
  readonly outcome: 'second-factor'
  /** The cookie's value: who holds it may try the second factor. */
  readonly firstFactor: string
  readonly transport: Transport
  readonly maxAgeMs: number
  readonly expiresAt: number
  readonly methods: readonly SecondFactor[]
}

export type SignIn = ({ readonly outcome: 'signed-in' } & StartedSession) | FirstFactorAccepted

/**
 * @param address of the request, for the security event only: what waits for a second factor does not keep it
 * @returns undefined when the account was closed, or lost its last workspace, since it was looked at
 */
export async function signIn(
  ctx: WriteContext,
  proof: SignInProof,
  address: string,
): Promise<SignIn | undefined> {
  // What ends this person's sessions, and a second factor that is being switched on, is waited for.
  const userId = await holdPersonAt(ctx.db, proof.email)
  if (userId === undefined) return undefined
  if (proof.secondFactor === undefined && proof.madeOnMachine !== true) {
    const asked = await askForSecondFactor(ctx, proof, userId)
    if (asked) return asked
  }
  const started = await startSession(ctx, proof, address)
  return started && { outcome: 'signed-in', ...started }
}

async function askForSecondFactor(
  ctx: WriteContext,
  proof: SignInProof,
  userId: string,
): Promise<FirstFactorAccepted | undefined> {
  const { db, services } = ctx
  if (!(await hasTotp(db, userId))) return undefined
  const { secondFactorMs } = services.identity.policy
  const token = newToken()
  const { id, expiresAt } = await insertToken(ctx, {
    purpose: 'second-factor',
    hash: token.hash,
    userId,
    email: proof.email,
    data: proof,
    lifetimeMs: secondFactorMs,
  })
  await ctx.audit({
    action: 'second_factor.asked',
    target: { kind: 'one_time_token', id },
    details: { user: userId, method: proof.method },
  })
  return {
    outcome: 'second-factor',
    firstFactor: token.text,
    transport: proof.transport,
    maxAgeMs: secondFactorMs,
    expiresAt,
    methods: await secondFactorMethods(db, userId),
  }
}
