// The lockout: an attempt takes its places before the secret is looked at and settles afterwards. However many
// guesses arrive at once, no more are checked than failures are allowed; however many right secrets arrive at once,
// all of them pass. Whatever the store cannot say is a refusal, and no switch lowers it.
import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../clock.ts'
import type { Decision } from '../decision/decision.ts'
import type { DecisionReason } from '../decision/reasons.ts'
import { guardError } from '../errors.ts'
import type { EventDetails, SecurityEventName } from '../events/catalogue.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { Pseudonyms } from '../events/pseudonyms.ts'
import { checkShaped, formatProblems } from '../policy/check-shaped.ts'
import { lockoutShape } from '../policy/policy-shapes.ts'
import type { Secret } from '../secrets/secret.ts'
import { createStoreAsk, defaultPatienceMs } from './ask-store.ts'
import type { Attempt, AttemptSubject, Lockout } from './attempt.ts'
import { type LockChange, type Settlement, settle, takePlaces, unlockAll } from './attempt-steps.ts'
import { type Counter, createCountersOf, type OwnedSubject } from './counters-of.ts'
import type { StateStep } from './keyed-states.ts'
import type { CounterKind, CounterState } from './lockout-counter.ts'
import {
  checkLockoutPolicy,
  defaultReservationMs,
  defaultWaitMs,
  type LockoutPolicy,
} from './lockout-policy.ts'
import type { LockoutQuery, LockoutRow, LockoutStore } from './lockout-store.ts'
import { createWaitingLines, type PlaceAnswer } from './waiting-lines.ts'

/** Settings of {@link createLockout}. */
export interface LockoutOptions {
  readonly policy: LockoutPolicy
  readonly store: LockoutStore
  /** Keys the names in the store. Another secret finds none of the earlier counters. */
  readonly secret: Secret
  readonly events: SecurityEvents
  /** Names accounts in events. */
  readonly pseudonyms: Pseudonyms
  readonly clock?: Clock
  /** The network of an address, for events: one account from many networks is a hint. */
  readonly networkOf?: (address: string) => number | undefined
  /** Longest wait for one answer of the store (default 2 s). */
  readonly storePatienceMs?: number
}

/**
 * Who unlocks what: the owner, who followed a mailed link, or an operator, who names a row or (`operatorId`) an account.
 */
export type UnlockRequest =
  | (OwnedSubject & { readonly operatorId?: string; readonly requestId?: string })
  | { readonly id: string; readonly operatorId: string; readonly requestId?: string }

/** A lockout with its operators' side. */
export interface LockoutService extends Lockout {
  /**
   * Forgets failures and locks. For an owner: of the account, and of the given address or device with it; a stranger's
   * address stays locked. Resolves to the kinds of what was locked until now; none means that nothing was. Rejects when
   * the store fails.
   */
  unlock(request: UnlockRequest): Promise<readonly CounterKind[]>
  /** Counters, last changed first. They name nobody. Rejects when the store fails. */
  list(query?: LockoutQuery): Promise<readonly LockoutRow[]>
}

/**
 * Creates the lockout.
 * @throws GuardError `bad_lockout_policy` with every problem in `details`
 * @example
 * const lockout = createLockout({ policy: levqorLockout, store, secret, events, pseudonyms })
 * const result = await lockout.attempt({ account: email, address: client.key }, checkSecret({ find, verify, dummy }))
 * if (result.outcome !== 'succeeded') return renderDecision(result.decision)
 */
export function createLockout(options: LockoutOptions): LockoutService {
  const { policy, store, secret, events, pseudonyms, clock = systemClock, networkOf } = options
  const problems = checkShaped(lockoutShape, policy, 'lockout', checkLockoutPolicy)
  if (problems.length > 0) {
    throw guardError(
      'bad_lockout_policy',
      `The lockout cannot be used:\n${formatProblems(problems)}`,
      problems,
    )
  }
  const { reservationMs = defaultReservationMs, waitMs = defaultWaitMs } = policy
  const countersOf = createCountersOf(policy, secret)
  // On a slow machine a long line of right secrets may move for longer than one check may take.
  const lines = createWaitingLines({ waitMs, longestMs: 3 * reservationMs })
  const ask = createStoreAsk({
    events,
    failed: 'lockout.store_failed',
    recovered: 'lockout.store_recovered',
    patienceMs: options.storePatienceMs ?? defaultPatienceMs,
  })
  // Learnt from every failure that this process counts, so a spray is known where it arrives without a look-up.
  let suspectedUntilMs = 0

  const attempt: Attempt = async (subject, check) => {
    const counters = countersOf.attempt(subject, clock.now() < suspectedUntilMs)
    const ids = counters.map((counter) => counter.id)
    const reservation = randomUUID()
    const place = await lines.enter(ids, () => take(subject, counters, reservation))
    if (place.outcome !== 'reserved') return { outcome: 'refused', decision: refuse(subject, place) }
    const finish = async (settlement: Settlement) => {
      const settled = await settleThem(subject, counters, reservation, settlement)
      lines.wake(ids)
      return settled
    }
    let value: Awaited<ReturnType<typeof check>>
    try {
      value = await check()
    } catch (error) {
      await finish('returned')
      throw error
    }
    const refused = await finish(value === undefined ? 'failed' : 'succeeded')
    // The same answer for right and wrong secrets: what could not be counted must not tell.
    if (refused !== undefined) return { outcome: 'refused', decision: refuse(subject, refused) }
    tell(value === undefined ? 'auth.failed' : 'auth.secret_accepted', subject)
    if (value === undefined) return { outcome: 'failed', decision: deny(subject, 'invalid_credentials') }
    return { outcome: 'succeeded', value }
  }

  async function take(
    subject: AttemptSubject,
    counters: readonly Counter[],
    reservation: string,
  ): Promise<PlaceAnswer> {
    const taken = await change(counters, takePlaces(counters, reservation, reservationMs))
    if (!taken.answered) return { outcome: 'unavailable' }
    tellChanges(taken.value.changes, subject)
    return taken.value.answer
  }

  /** The reason to refuse after all, if there is one. */
  async function settleThem(
    subject: AttemptSubject,
    counters: readonly Counter[],
    reservation: string,
    settlement: Settlement,
  ): Promise<PlaceAnswer | undefined> {
    const counted = settlement === 'failed' ? [...counters, countersOf.everybody] : counters
    const settled = await change(counted, settle(counted, reservation, settlement, reservationMs))
    if (!settled.answered) return { outcome: 'unavailable' }
    const { changes, sprayedUntilMs, lockedForMs } = settled.value
    if (sprayedUntilMs !== undefined) suspectedUntilMs = sprayedUntilMs
    tellChanges(changes, subject)
    if (lockedForMs === undefined) return undefined
    return { outcome: 'locked', counter: '', retryAfterMs: lockedForMs }
  }

  function change<T>(counters: readonly Counter[], step: StateStep<CounterState, T>) {
    const ids = counters.map((counter) => counter.id)
    return ask(() => store.change(ids, step))
  }

  function refuse(subject: AttemptSubject, place: PlaceAnswer): Decision {
    const { outcome: cause } = place
    tell('auth.refused', subject, { cause })
    if (!('retryAfterMs' in place)) return deny(subject, 'limits_unavailable', 1000)
    return deny(subject, 'locked', place.retryAfterMs)
  }

  function tellChanges(changes: readonly LockChange[], subject: AttemptSubject): void {
    for (const { counter, change, lockMs, level } of changes) {
      const facts = { counter: counter.kind, lockout: counter.id }
      if (change === 'ended') {
        if (counter.kind !== 'global') tell('auth.unlocked', subject, { ...facts, cause: 'time' })
      } else {
        const event = counter.kind === 'global' ? 'auth.spray_suspected' : 'auth.locked'
        tell(event, subject, { ...facts, lockMs, level })
      }
    }
  }

  function tell(event: SecurityEventName, subject: AttemptSubject, details: EventDetails = {}): void {
    const network = networkOf?.(subject.address)
    events.emit({
      event,
      requestId: subject.requestId,
      address: subject.address,
      details: {
        account: pseudonyms('account', subject.account),
        knownDevice: subject.knownDevice !== undefined,
        ...(network === undefined ? {} : { network: `AS${network}` }),
        ...details,
      },
    })
  }

  return {
    attempt,
    async unlock(request) {
      const ended = 'id' in request ? await unlockNamed(request.id) : await unlockOwned(request)
      for (const { counter } of ended) {
        events.emit({
          event: 'auth.unlocked',
          requestId: request.requestId,
          actorId: request.operatorId,
          details: {
            counter: counter.kind,
            lockout: counter.id,
            cause: request.operatorId === undefined ? 'owner' : 'operator',
          },
        })
      }
      return ended.map(({ counter }) => counter.kind)
    },
    list: (query = {}) => store.list(query),
  }

  function unlockOwned(subject: OwnedSubject): Promise<readonly LockChange[]> {
    const counters = countersOf.owner(subject)
    const ids = counters.map((counter) => counter.id)
    return store.change(ids, unlockAll(counters, reservationMs))
  }

  /** The kind of the counter is only known to the store; a name that it does not know is nobody's. */
  function unlockNamed(id: string): Promise<readonly LockChange[]> {
    return store.change<readonly LockChange[]>([id], (states, now) => {
      const [state] = states
      if (state === undefined) return { states, result: [] }
      return unlockAll([countersOf.named(id, state.kind)], reservationMs)(states, now)
    })
  }
}

function deny(subject: AttemptSubject, reason: DecisionReason, retryAfterMs?: number): Decision {
  return {
    outcome: 'deny',
    reason,
    limits: [],
    clientIp: subject.address,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}
