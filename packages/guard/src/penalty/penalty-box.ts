// An address that goes on being refused gets slower and smaller quotas, then must show that it is a person, then waits.
// Innocent addresses pay one comparison with zero. Strikes are counted in the shared limit store, so that all processes
// agree on the level, and remembered here. A store that fails never raises a level.
// The levels are a chain of limits: a strike that one of them refuses is charged to the next. How many refuse is the
// level, so most strikes cost one call, and nothing needs more than the store every guard has.
import type { Challenge } from '../challenge/challenge.ts'
import type { Clock } from '../clock.ts'
import type { SecurityEvents } from '../events/event-pipeline.ts'
import type { Maybe } from '../kernel/identity.ts'
import { compileLimit, type Limit } from '../limits/limit.ts'
import type { Limiter, LimiterVerdict } from '../limits/limiter.ts'
import { type PenaltyLevel, type PenaltyPolicy, withPenaltyDefaults } from './penalty-policy.ts'
import { createPenaltyTable, type PenaltyEntry } from './penalty-table.ts'
import { createVerifyPerson } from './verify-person.ts'

/** An address in the box. */
export interface Penalty {
  /** The address or IPv6 prefix as limits count it: for operators' eyes, never for a log. */
  readonly address: string
  /** From 1. */
  readonly level: number
  readonly demand?: 'challenge' | 'block'
  /** Epoch milliseconds. */
  readonly untilMs: number
}

/** What a penalised address meets now. */
export type PenaltyVerdict =
  | { readonly outcome: 'free' }
  | { readonly outcome: 'slow'; readonly cost: number }
  | { readonly outcome: 'challenge' }
  | { readonly outcome: 'block'; readonly retryAfterMs: number }

/** The box of one process. */
export interface PenaltyBox {
  /** Addresses in it; 0 costs a request nothing further. */
  readonly size: number
  /** `token` is what the request shows for a human check. */
  check(key: string, clientIp: string, token: string | undefined): Maybe<PenaltyVerdict>
  /** Counts a refusal. Returns at once, never throws. */
  strike(key: string, clientIp: string, reason: string): void
  list(): readonly Penalty[]
  /** Lets an address out, here at once and in other processes within a second. Its strikes do not count for a while. */
  pardon(key: string): Promise<void>
}

/** What the box needs. */
export interface PenaltyBoxOptions {
  readonly policy: PenaltyPolicy
  readonly limiter: Limiter
  readonly clock: Clock
  readonly events: Pick<SecurityEvents, 'emit'>
  readonly challenge?: Challenge | undefined
}

const free: PenaltyVerdict = { outcome: 'free' }
const challenged: PenaltyVerdict = { outcome: 'challenge' }
/** Of one penalised address: what other processes decided is asked, and strikes are counted, at most this often. */
const askEveryMs = 1000
const strikeEveryMs = 100

/** Creates an empty box. */
export function createPenaltyBox(options: PenaltyBoxOptions): PenaltyBox {
  const { limiter, clock, events, challenge } = options
  const settings = withPenaltyDefaults(options.policy)
  const { levels } = settings
  const limits = levels.map(({ strikes, windowMs }, i) =>
    limitOf(`penalty-level-${i + 1}`, strikes, windowMs),
  )
  // Flags that all processes see: a limit of one that has been taken.
  const pardoned = limitOf('penalty-pardon', 1, settings.pardonMs)
  const human = limitOf('penalty-human', 1, settings.humanMs)
  const verifyPerson = createVerifyPerson({ challenge, human, limiter, events, strike })
  const table = createPenaltyTable(settings.maxAddresses, clock, (entry) => tellEnded(entry, 'expired'))

  return {
    get size() {
      return table.size
    },
    check(key, clientIp, token) {
      const entry = table.find(key)
      if (entry === undefined) return free
      const now = clock.now()
      if (now < entry.askAtMs) return judge(key, entry, clientIp, token)
      entry.askAtMs = now + askEveryMs
      const charges = [
        { limit: pardoned, subject: key },
        { limit: human, subject: key },
      ]
      return then(limiter.peek(charges, 'allow'), ({ states: [pardon, person] }) => {
        if (pardon?.exceeded === true) {
          release(key, entry)
          return free
        }
        if (person?.exceeded === true) entry.humanUntilMs = now + person.retryAfterMs
        return judge(key, entry, clientIp, token)
      })
    },
    strike,
    list: () =>
      table.entries().map(([address, { level, untilMs }]) => {
        const demand = demandOf(level)
        return { address, level, untilMs, ...(demand === undefined ? {} : { demand }) }
      }),
    async pardon(key) {
      const entry = table.find(key)
      if (entry !== undefined) release(key, entry)
      await limiter.take([{ limit: pardoned, subject: key }], 'allow')
    },
  }

  function strike(key: string, clientIp: string, reason: string): void {
    const entry = table.find(key)
    const now = clock.now()
    if (entry !== undefined && now < entry.strikeAtMs) return
    if (entry !== undefined) entry.strikeAtMs = now + strikeEveryMs
    void climb(key, clientIp, reason, 0)
  }

  function climb(key: string, clientIp: string, reason: string, index: number): Maybe<void> {
    const limit = limits[index]
    if (limit === undefined) return reached(key, clientIp, reason, index)
    return then(limiter.take([{ limit, subject: key }], 'allow'), (verdict) =>
      verdict.allowed ? reached(key, clientIp, reason, index) : climb(key, clientIp, reason, index + 1),
    )
  }

  function reached(key: string, clientIp: string, reason: string, level: number): Maybe<void> {
    if (level === 0) return
    return then(limiter.peek([{ limit: pardoned, subject: key }], 'allow'), ({ allowed }) => {
      if (allowed) raise(key, clientIp, reason, level)
    })
  }

  function raise(key: string, clientIp: string, reason: string, level: number): void {
    const before = table.find(key)?.level ?? 0
    // A level that holds is not lowered by a strike that alone would lead to a milder one.
    if (level < before) return
    const { lastsMs } = levelAt(level)
    table.put(key, clientIp, level, clock.now() + lastsMs)
    if (level === before) return
    const demand = demandOf(level) ?? 'none'
    events.emit({ event: 'penalty.raised', address: clientIp, details: { level, reason, demand, lastsMs } })
  }

  function judge(
    key: string,
    entry: PenaltyEntry,
    clientIp: string,
    token: string | undefined,
  ): Maybe<PenaltyVerdict> {
    const now = clock.now()
    const demand = demandOf(entry.level)
    if (demand === 'block') return { outcome: 'block', retryAfterMs: entry.untilMs - now }
    const slow: PenaltyVerdict = { outcome: 'slow', cost: levelAt(entry.level).cost ?? 1 }
    if (demand === undefined || now < entry.humanUntilMs) return slow
    if (token === undefined) return challenged
    // One page sends several requests with one token, which the provider takes once.
    if (entry.checking?.token !== token) {
      entry.checking = { token, result: verifyPerson(key, clientIp, token) }
    }
    return entry.checking.result.then((result) => {
      if (entry.checking?.token === token) entry.checking = undefined
      if (result === 'ok') entry.humanUntilMs = clock.now() + settings.humanMs
      const passes =
        result === 'ok' || (result === 'unavailable' && settings.onChallengeUnavailable === 'allow')
      return passes ? slow : challenged
    })
  }

  function release(key: string, entry: PenaltyEntry): void {
    table.remove(key)
    tellEnded(entry, 'pardoned')
  }

  function tellEnded({ level, clientIp }: PenaltyEntry, cause: string): void {
    events.emit({ event: 'penalty.ended', address: clientIp, details: { level, cause } })
  }

  function levelAt(level: number): PenaltyLevel {
    return levels[level - 1] ?? { strikes: 0, windowMs: 0, lastsMs: 0 }
  }

  function demandOf(level: number): PenaltyLevel['demand'] {
    const { demand } = levelAt(level)
    return demand === 'challenge' && challenge === undefined ? undefined : demand
  }
}

function limitOf(name: string, quota: number, windowMs: number): Limit {
  return compileLimit({ name, by: 'address', quota, windowMs })
}

function then<T>(
  verdict: LimiterVerdict | Promise<LimiterVerdict>,
  next: (verdict: LimiterVerdict) => Maybe<T>,
) {
  return verdict instanceof Promise ? verdict.then(next) : next(verdict)
}
