// The second half of a request's way: penalties, strangers' limits, who is it, the actor's limits.
// Order and charging: a known caller is charged the actor's limits only; everybody else the strangers'. An address
// whose credentials were refused too often is turned away before its credential is looked at.
// Written as plain continuations: with a store and an identity that answer at once, no promise is made (measured:
// an async function per request costs about a tenth of the whole guard).
import type { Decision } from '../decision/decision.ts'
import type { LimitCharge } from '../limits/limit-store.ts'
import type { Limiter, LimiterVerdict } from '../limits/limiter.ts'
import type { PenaltyVerdict } from '../penalty/penalty-box.ts'
import type { CheckPenalty } from './check-penalty.ts'
import type { DoorLimits } from './compile-door.ts'
import type { GuessBook } from './guess-book.ts'
import { type IdentifyFailure, isStoreFailure } from './identify-failure.ts'
import type { Actor, IdentifyResult, Maybe } from './identity.ts'
import { checkOrigin, type OpeningParts } from './open-passage.ts'
import type { OpenPassage } from './passage.ts'
import { admit, required } from './refuse.ts'

/** What passing needs. */
export interface PassingParts extends OpeningParts {
  readonly limiter: Limiter
  readonly guesses: GuessBook
  readonly failure: IdentifyFailure
  readonly checkPenalty: CheckPenalty
}

/**
 * Asks the application who a request comes from. May reject with `store_unreachable`: the door decides then. Any other
 * rejection goes to the framework's error handler, and nothing passes.
 */
export type Identify<C> = (context: C, door: OpenPassage['door']) => Maybe<IdentifyResult>

type AfterCharge = (passage: OpenPassage, verdict: LimiterVerdict) => Decision

/** Compiles the second half. */
export function createPassing(parts: PassingParts) {
  const { switches, limiter, guesses, refuse, failure, checkPenalty } = parts

  return function pass<C>(passage: OpenPassage, identify: Identify<C>, context: C): Maybe<Decision> {
    if (passage.decision !== undefined) return passage.decision
    const penalty = checkPenalty(passage)
    if (penalty === undefined) return enter(passage, identify, context)
    if (!(penalty instanceof Promise)) return afterPenalty(passage, penalty, identify, context)
    return penalty.then((verdict) => afterPenalty(passage, verdict, identify, context))
  }

  function afterPenalty<C>(
    passage: OpenPassage,
    verdict: PenaltyVerdict,
    identify: Identify<C>,
    context: C,
  ): Maybe<Decision> {
    return refusePenalised(passage, verdict) ?? enter(passage, identify, context)
  }

  function refusePenalised(passage: OpenPassage, verdict: PenaltyVerdict): Decision | undefined {
    const mode = switches.mode('penalties')
    switch (verdict.outcome) {
      case 'free':
        return undefined
      case 'slow':
        if (mode === 'enforce') passage.cost = verdict.cost
        return undefined
      case 'challenge':
        return refuse(passage, mode, 'challenge_required', 'limit.denied')
      case 'block':
        return refuse(passage, mode, 'address_blocked', 'limit.denied', {
          retryAfterMs: verdict.retryAfterMs,
        })
    }
  }

  function enter<C>(passage: OpenPassage, identify: Identify<C>, context: C): Maybe<Decision> {
    if (passage.cors?.preflight === true) return chargeStrangers(passage, 'preflight')
    if (!passage.door.identifies) return chargeStrangers(passage, 'none')
    if (guesses.size === 0 || switches.mode('limits') === 'off') return askWho(passage, identify, context)
    const verdict = guesses.peek(passage.client.key, passage.door.rule.onStoreFailure)
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
    let result: Maybe<IdentifyResult>
    try {
      result = identify(context, passage.door)
    } catch (error) {
      return unknown(passage, error)
    }
    if (!(result instanceof Promise)) return answered(passage, result)
    return result.then(
      (who) => answered(passage, who),
      (error) => unknown(passage, error),
    )
  }

  function answered(passage: OpenPassage, result: IdentifyResult): Maybe<Decision> {
    switch (result.outcome) {
      case 'identified':
        failure.over()
        return known(passage, result.actor)
      case 'missing':
        return chargeStrangers(passage, 'missing')
      case 'invalid':
        failure.over()
        noteInvalid(passage, result.cause)
        return chargeStrangers(passage, 'invalid')
      case 'unverified':
        return unverified(passage, result.actor)
    }
  }

  function unknown(passage: OpenPassage, error: unknown): Maybe<Decision> {
    if (!isStoreFailure(error)) throw error
    return unverified(passage, undefined)
  }

  /** Nobody can say whether a credential still holds. */
  function unverified(passage: OpenPassage, actor: Actor | undefined): Maybe<Decision> {
    if (!failure.passes(passage, actor)) {
      const facts = { retryAfterMs: 1000 }
      return required(refuse(passage, 'enforce', 'credential_unverifiable', undefined, facts))
    }
    passage.degraded ??= 'credential_unverifiable'
    return actor === undefined ? chargeStrangers(passage, 'missing') : known(passage, actor)
  }

  function known(passage: OpenPassage, actor: Actor): Maybe<Decision> {
    passage.actor = actor
    const { door } = passage
    // A header was shown beside a cookie and the cookie won: now the origin matters after all.
    if (passage.originPending && cameByCookie(actor)) {
      checkOrigin(parts, passage)
      if (passage.decision !== undefined) return passage.decision
    }
    const limits = door.actorsOn(actor.plan)
    const charges = limits.charges(passage.client.key, actor, passage.cost)
    // Whoever is refused for what the credential is or lacks pays like everybody: the refusal is work too.
    if (!door.accepts.includes(actor.via)) return charge(passage, limits, charges, turnAwayUnsuitable)
    const { scopes } = door.rule
    if (scopes !== undefined && actor.scopes !== undefined && !holds(actor.scopes, scopes)) {
      return charge(passage, limits, charges, turnAwayScope)
    }
    return charge(passage, limits, charges, admitCharged)
  }

  function chargeStrangers(
    passage: OpenPassage,
    credential: 'none' | 'missing' | 'invalid' | 'preflight',
  ): Maybe<Decision> {
    const limits = passage.door.strangers
    const charges = limits.charges(passage.client.key, undefined, passage.cost)
    switch (credential) {
      case 'none':
        return charge(passage, limits, charges, admitCharged)
      case 'preflight':
        return charge(passage, limits, charges, answerPreflight)
      case 'missing': {
        const optional = passage.door.rule.authentication === 'optional'
        return charge(passage, limits, charges, optional ? admitCharged : turnAway)
      }
      case 'invalid':
        return chargeGuess(passage, limits, charges)
    }
  }

  /** In a call of its own: an address that has used up its strangers' limits must not guess for nothing. */
  function chargeGuess(
    passage: OpenPassage,
    limits: DoorLimits,
    charges: readonly LimitCharge[],
  ): Maybe<Decision> {
    const { key } = passage.client
    if (switches.mode('limits') === 'off') return turnAwayInvalid(passage, nothingCharged)
    const guess = limiter.take(guesses.charges(key), passage.door.rule.onStoreFailure)
    const decision = charge(passage, limits, charges, turnAwayInvalid)
    if (guess instanceof Promise) {
      return guess.then((verdict) => {
        guesses.note(key, verdict)
        return decision
      })
    }
    guesses.note(key, guess)
    return decision
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
    const facts = { limits: verdict.states, accepts: passage.door.accepts }
    return required(refuse(passage, 'enforce', 'credential_missing', undefined, facts))
  }

  function turnAwayInvalid(passage: OpenPassage, verdict: LimiterVerdict): Decision {
    return required(refuse(passage, 'enforce', 'credential_invalid', undefined, { limits: verdict.states }))
  }

  function turnAwayUnsuitable(passage: OpenPassage, { states: limits }: LimiterVerdict): Decision {
    return required(refuse(passage, 'enforce', 'credential_unsuitable', undefined, { limits }))
  }

  function turnAwayScope(passage: OpenPassage, { states: limits }: LimiterVerdict): Decision {
    const scopes = passage.door.rule.scopes ?? []
    return required(refuse(passage, 'enforce', 'scope_missing', 'scope.denied', { limits, scopes }))
  }

  /** A browser's question is answered by headers alone; one of a page that is not listed is refused. */
  function answerPreflight(passage: OpenPassage, { states: limits }: LimiterVerdict): Decision {
    if (passage.cors?.listed !== undefined) {
      return required(refuse(passage, 'enforce', 'preflight', undefined, { limits }))
    }
    const facts = { limits, details: { finding: 'not-listed' } }
    return required(refuse(passage, 'enforce', 'origin_denied', 'origin.denied', facts))
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

/** The verdict on no charge at all. */
export const nothingCharged: LimiterVerdict = { allowed: true, states: [], retryAfterMs: 0 }

function admitCharged(passage: OpenPassage, verdict: LimiterVerdict): Decision {
  return admit(passage, verdict.states)
}

function cameByCookie({ by, via }: Actor): boolean {
  return by === undefined ? via === 'session' || via === 'token' : by === 'cookie'
}

function holds(have: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((scope) => have.includes(scope))
}
