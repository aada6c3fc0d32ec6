// The second half of a request's way: strangers' limits, who is it, the actor's limits.
// Order and charging: a known caller is charged the actor's limits only; everybody else the strangers'. An address
// whose credentials were refused too often is turned away before its credential is looked at.
// Written as plain continuations: with a store and an identity that answer at once, no promise is made (measured:
// an async function per request costs about a tenth of the whole guard).
import type { Decision } from '../decision/decision.ts'
import type { LimitCharge } from '../limits/limit-store.ts'
import type { Limiter, LimiterVerdict } from '../limits/limiter.ts'
import type { DoorLimits } from './compile-door.ts'
import type { IdentifyResult, Maybe } from './identity.ts'
import { checkOrigin, type OpeningParts } from './open-passage.ts'
import type { OpenPassage } from './passage.ts'
import { admit, required } from './refuse.ts'

/** What passing needs. */
export interface PassingParts extends OpeningParts {
  readonly limiter: Limiter
  readonly guesses: DoorLimits
}

/** Asks the application who a request comes from. */
export type Identify<C> = (context: C, door: OpenPassage['door']) => Maybe<IdentifyResult>

type AfterCharge = (passage: OpenPassage, verdict: LimiterVerdict) => Decision

/** Compiles the second half. */
export function createPassing(parts: PassingParts) {
  const { switches, limiter, guesses, refuse } = parts

  return function pass<C>(passage: OpenPassage, identify: Identify<C>, context: C): Maybe<Decision> {
    if (passage.decision !== undefined) return passage.decision
    if (!passage.door.identifies) return chargeStrangers(passage, 'none')
    if (switches.mode('limits') === 'off') return askWho(passage, identify, context)
    const verdict = limiter.peek(
      guesses.charges(passage.client.key, undefined),
      passage.door.rule.onStoreFailure,
    )
    if (!(verdict instanceof Promise)) return afterGuesses(passage, verdict, identify, context)
    return verdict.then((answer) => afterGuesses(passage, answer, identify, context))
  }

  function afterGuesses<C>(
    passage: OpenPassage,
    verdict: LimiterVerdict,
    identify: Identify<C>,
    context: C,
  ): Maybe<Decision> {
    return refuseLimited(passage, verdict) ?? askWho(passage, identify, context)
  }

  function askWho<C>(passage: OpenPassage, identify: Identify<C>, context: C): Maybe<Decision> {
    const result = identify(context, passage.door)
    return result instanceof Promise ? result.then((who) => known(passage, who)) : known(passage, result)
  }

  function known(passage: OpenPassage, result: IdentifyResult): Maybe<Decision> {
    if (result.outcome !== 'identified') {
      if (result.outcome === 'invalid') noteInvalid(passage, result.cause)
      return chargeStrangers(passage, result.outcome)
    }
    const actor = result.actor
    passage.actor = actor
    const { rule } = passage.door
    const wanted = rule.authentication
    if ((wanted === 'session' && actor.via !== 'session') || (wanted === 'api-key' && actor.via !== 'key')) {
      return required(refuse(passage, 'enforce', 'credential_unsuitable', undefined))
    }
    // A key was shown beside a cookie and the cookie won: now the origin matters after all.
    if (passage.originPending && actor.via === 'session') {
      checkOrigin(parts, passage)
      if (passage.decision !== undefined) return passage.decision
    }
    const scopes = rule.scopes
    if (scopes !== undefined && actor.scopes !== undefined && !holds(actor.scopes, scopes)) {
      return required(refuse(passage, 'enforce', 'scope_missing', 'scope.denied', { scopes }))
    }
    const limits = passage.door.actorsOn(actor.plan)
    return charge(passage, limits, limits.charges(passage.client.key, actor), admitCharged)
  }

  function chargeStrangers(
    passage: OpenPassage,
    credential: 'none' | 'missing' | 'invalid',
  ): Maybe<Decision> {
    const limits = passage.door.strangers
    const charges = limits.charges(passage.client.key, undefined)
    if (credential === 'invalid') charges.push(...guesses.charges(passage.client.key, undefined))
    const optional = passage.door.rule.authentication === 'optional'
    if (credential === 'none' || (optional && credential === 'missing')) {
      return charge(passage, limits, charges, admitCharged)
    }
    return charge(passage, limits, charges, credential === 'missing' ? turnAway : turnAwayInvalid)
  }

  function charge(
    passage: OpenPassage,
    limits: DoorLimits,
    charges: readonly LimitCharge[],
    after: AfterCharge,
  ): Maybe<Decision> {
    if (charges.length === 0 || switches.mode('limits') === 'off') return after(passage, nothingCharged)
    passage.policyField = limits.policyField
    const verdict = limiter.take(charges, passage.door.rule.onStoreFailure)
    if (verdict instanceof Promise) return verdict.then((answer) => charged(passage, answer, after))
    return charged(passage, verdict, after)
  }

  function charged(passage: OpenPassage, verdict: LimiterVerdict, after: AfterCharge): Decision {
    return refuseLimited(passage, verdict) ?? after(passage, verdict)
  }

  function refuseLimited(passage: OpenPassage, verdict: LimiterVerdict): Decision | undefined {
    if (verdict.failed !== undefined) passage.degraded ??= 'limits_unavailable'
    if (verdict.allowed) return undefined
    const mode = switches.mode('limits')
    const { states, retryAfterMs } = verdict
    if (verdict.failed === 'deny') {
      return refuse(passage, mode, 'limits_unavailable', undefined, { retryAfterMs })
    }
    const limit = states.find((state) => state.exceeded)?.limit.name ?? ''
    return refuse(passage, mode, 'rate_limited', 'limit.denied', {
      limits: states,
      retryAfterMs,
      details: { limit },
    })
  }

  function turnAway(passage: OpenPassage, verdict: LimiterVerdict): Decision {
    return required(refuse(passage, 'enforce', 'credential_missing', undefined, { limits: verdict.states }))
  }

  function turnAwayInvalid(passage: OpenPassage, verdict: LimiterVerdict): Decision {
    return required(refuse(passage, 'enforce', 'credential_invalid', undefined, { limits: verdict.states }))
  }

  /** The precise cause goes to the event only; the caller's answer is the same for every cause. */
  function noteInvalid(passage: OpenPassage, cause: string | undefined): void {
    parts.events.emit({
      event: 'auth.failed',
      requestId: passage.exchange.requestId,
      address: passage.clientIp,
      details: { door: passage.door.name, cause: cause ?? 'invalid' },
    })
  }
}

const nothingCharged: LimiterVerdict = { allowed: true, states: [], retryAfterMs: 0 }

function admitCharged(passage: OpenPassage, verdict: LimiterVerdict): Decision {
  return admit(passage, verdict.states)
}

function holds(have: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((scope) => have.includes(scope))
}
