// Sign-ups that look like fraud: too many for one referral code from one network, too many from one address, an
// address at a disposable mail service. They are held for review, never dropped: an office is also many sign-ups.
import { randomUUID } from 'node:crypto'
import type { Decision } from '../decision/decision.ts'
import { guardError } from '../errors.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import { createStoreAsk, defaultPatienceMs } from '../lockout/ask-store.ts'
import type { KeyedStates } from '../lockout/keyed-states.ts'
import { checkShaped, formatProblems } from '../policy/check-shaped.ts'
import { abuseShape } from '../policy/policy-shapes.ts'
import type { Secret } from '../secrets/secret.ts'
import { allEnforced, type Switches } from '../switches/switches.ts'
import { accepted, refused } from './abuse-decision.ts'
import { checkAbusePolicy, type SignUpPolicy } from './abuse-policy.ts'
import { createDigest } from './digests.ts'
import type { IsDisposableMail } from './disposable-mail.ts'
import { type NetworkOf, networkName, noNetworks } from './network-of.ts'
import type { ReviewStore } from './review.ts'
import { countSignUp, renewSignUps, type SignUpState } from './sign-up-state.ts'

/** Settings of {@link createSignUpWatch}. */
export interface SignUpWatchOptions {
  readonly policy: SignUpPolicy
  readonly store: KeyedStates<SignUpState>
  readonly reviews: ReviewStore
  /** Keys the digests in the store. */
  readonly secret: Secret
  readonly events: SecurityEvents
  /** Required where the policy holds disposable mail. */
  readonly isDisposableMail?: IsDisposableMail
  readonly networkOf?: NetworkOf
  readonly switches?: Switches
  /** Longest wait for one answer of a store (default 2 s). */
  readonly storePatienceMs?: number
}

/** A sign-up before it counts. */
export interface SignUp {
  /** The application's id of the sign-up, opaque: reviews name it. */
  readonly id: string
  readonly email: string
  /** The client's address key, {@link ClientAddress.key}. */
  readonly address: string
  readonly referralCode?: string
  readonly requestId?: string
}

/** Why a sign-up is held. */
export type HoldReason = 'referral_network_quota' | 'address_quota' | 'disposable_mail'

/** What to do with a sign-up. */
export interface SignUpVerdict {
  /**
   * `held_for_review`: keep the sign-up inactive until the review is decided. `rate_limited`: too many of this address
   * wait already; tell the person to come back. `limits_unavailable`: the store cannot say.
   */
  readonly decision: Decision
  /** All that apply. */
  readonly reasons: readonly HoldReason[]
  /** The review that waits, for `held_for_review` while enforced. */
  readonly reviewId?: string
}

/** Judges sign-ups. Never rejects. */
export interface SignUpWatch {
  judge(signUp: SignUp): Promise<SignUpVerdict>
}

type Counted =
  | { readonly outcome: 'passed' | 'held'; readonly reasons: readonly HoldReason[] }
  | { readonly outcome: 'full'; readonly reasons: readonly HoldReason[]; readonly retryAfterMs: number }

/**
 * Creates the watch.
 * @throws GuardError `bad_abuse_policy` with every problem in `details`
 * @example
 * const signUps = createSignUpWatch({ policy: levqorAbuse.signUps, store, reviews, secret, events, isDisposableMail })
 * const { decision, reviewId } = await signUps.judge({ id: user.id, email, address: client.key, referralCode })
 */
export function createSignUpWatch(options: SignUpWatchOptions): SignUpWatch {
  const { policy, store, reviews, secret, events, networkOf = noNetworks, switches = allEnforced } = options
  const isDisposable = disposableMailRule(options)
  const { perAddress, perReferralAndNetwork } = policy
  const digest = createDigest(secret, 'sign-ups')
  const ask = createStoreAsk({
    events,
    failed: 'abuse.store_failed',
    recovered: 'abuse.store_recovered',
    patienceMs: options.storePatienceMs ?? defaultPatienceMs,
  })

  return {
    async judge(signUp) {
      const { email, address, referralCode } = signUp
      const mode = switches.mode('abuse')
      if (mode === 'off') return { decision: accepted(address), reasons: [] }
      const network = networkName(address, networkOf)
      const before: HoldReason[] = isDisposable(email) ? ['disposable_mail'] : []
      const ids = [
        digest('address', address),
        ...(referralCode === undefined ? [] : [digest('referral', referralCode, network)]),
      ]
      const answer = await ask(() =>
        store.change(ids, (states, now) => count(states, ids.length > 1, before, now)),
      )
      const unavailable = { decision: refused(mode, address, 'limits_unavailable', 1000), reasons: [] }
      if (!answer.answered) return unavailable
      const { value } = answer
      const { reasons } = value
      if (value.outcome === 'passed') return { decision: accepted(address), reasons }
      if (value.outcome === 'full') {
        tell(signUp, reasons, network, { cause: 'too_many_held', mode })
        return { decision: refused(mode, address, 'rate_limited', value.retryAfterMs), reasons }
      }
      const decision = refused(mode, address, 'held_for_review')
      if (mode === 'observe') {
        tell(signUp, reasons, network, { mode })
        return { decision, reasons }
      }
      const id = randomUUID()
      const review = { id, kind: 'sign-up', subject: signUp.id, reasons, facts: { network } } as const
      const added = await ask(() => reviews.add(review))
      if (!added.answered) return unavailable
      tell(signUp, reasons, network, { mode, review: id })
      return { decision, reasons, reviewId: id }
    },
  }

  /** Only what passes counts against a quota, so that exactly the quota passes; what is held counts by itself. */
  function count(
    states: readonly (SignUpState | undefined)[],
    referred: boolean,
    before: readonly HoldReason[],
    now: number,
  ): { readonly states: readonly (SignUpState | undefined)[]; readonly result: Counted } {
    const address = renewSignUps(states[0], perAddress, now)
    const referral = renewSignUps(states[1], perReferralAndNetwork, now)
    const reasons = [...before]
    if (address.passed.length >= perAddress.quota) reasons.push('address_quota')
    if (referred && referral.passed.length >= perReferralAndNetwork.quota)
      reasons.push('referral_network_quota')
    if (reasons.length === 0) {
      const passed = countSignUp(address, 'passed', perAddress, now)
      const after = referred
        ? [passed, countSignUp(referral, 'passed', perReferralAndNetwork, now)]
        : [passed]
      return { states: after, result: { outcome: 'passed', reasons } }
    }
    const [oldestHeld] = address.held.slice(-policy.heldPerAddress)
    if (oldestHeld !== undefined && address.held.length >= policy.heldPerAddress) {
      const retryAfterMs = oldestHeld + perAddress.windowMs - now
      return { states, result: { outcome: 'full', reasons, retryAfterMs } }
    }
    const held = countSignUp(address, 'held', perAddress, now)
    return { states: [held, ...states.slice(1)], result: { outcome: 'held', reasons } }
  }

  function tell(
    { requestId, address }: SignUp,
    reasons: readonly HoldReason[],
    network: string,
    facts: Readonly<Record<string, string>>,
  ): void {
    const known = network.startsWith('AS') ? { network } : {}
    const details = { reasons: reasons.join(), ...known, ...facts }
    events.emit({ event: 'referral.held', requestId, address, details })
  }
}

function disposableMailRule({ policy, isDisposableMail }: SignUpWatchOptions): IsDisposableMail {
  const problems = checkShaped(abuseShape, { signUps: policy }, 'abuse', checkAbusePolicy)
  // It may be anything; what is wrong with it is told below.
  if (policy?.disposableMail === 'hold' && isDisposableMail === undefined) {
    const fix = 'Give isDisposableMail, for example from loadDisposableMail(), or accept disposable mail.'
    problems.push({ code: 'disposable_mail_missing', path: 'abuse.signUps.disposableMail', fix })
  }
  if (problems.length > 0) {
    throw guardError('bad_abuse_policy', `Sign-ups cannot be watched:\n${formatProblems(problems)}`, problems)
  }
  return policy.disposableMail === 'hold' ? (isDisposableMail ?? (() => false)) : () => false
}
