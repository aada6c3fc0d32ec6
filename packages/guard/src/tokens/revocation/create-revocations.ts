// Ended things, known here as fast as the bus carries them and as surely as the store keeps them. Memory answers only
// while it is certain to be complete: the bus is heard, nothing was missed since it was last cut off. Otherwise the store
// answers, and if it cannot, nobody does.
import { type Clock, systemClock } from '../../clock.ts'
import { guardError } from '../../errors.ts'
import { noSecurityEvents, type SecurityEvents } from '../../events/event-pipeline.ts'
import { within } from '../../within.ts'
import type { RevocationBus } from './revocation-bus.ts'
import { createRevocationIndex } from './revocation-index.ts'
import { readRevocation } from './revocation-rules.ts'
import type { RevocationStore } from './revocation-store.ts'
import type { Revocation, Revocations } from './revocations.ts'

/** Settings of {@link createRevocations}. */
export interface RevocationOptions {
  readonly store: RevocationStore
  /** {@link inProcessRevocationBus} for a single process. */
  readonly bus: RevocationBus
  readonly clock?: Clock
  readonly events?: SecurityEvents
  /** Revocations remembered one by one (default 100,000: about 25 MB when full). */
  readonly maxEntries?: number
  /** Longest wait for an answer of the store (default 1 s). */
  readonly storePatienceMs?: number
}

/** The store is read so often even while the bus is well: another process may be cut off from it and not know. */
const catchUpEveryMs = 1000
const pageSize = 1000

/**
 * Starts listening at once; until the store has been read, checks go to the store.
 *
 * A revocation is known in the process that made it when `revoke` resolves, in every other one when the bus has carried
 * it: within a second, measured by the benchmark `guard-revocation`. While the bus is cut off, checks go to the store;
 * listeners hear within a second and what the store takes to answer.
 * @example
 * const revocations = createRevocations({ store, bus: redisRevocationBus({ client }), events })
 * await revocations.revoke({ kind: 'session', id, cause: 'signed_out', forgetAtMs: clock.now() + 3_600_000 })
 */
export function createRevocations(options: RevocationOptions): Revocations {
  const { store, bus, clock = systemClock, events = noSecurityEvents } = options
  const { maxEntries = 100_000, storePatienceMs = 1000 } = options
  const index = createRevocationIndex(maxEntries)
  const listeners = new Set<(revocation: Revocation) => void>()
  let position = 0
  let heardAtMs = clock.now()
  let connected = false
  /** Counts the times after which something may be missing from memory. */
  let gaps = 1
  let closedGaps = 0
  let silent = false
  let reading: Promise<void> | undefined

  bus.listen({
    revoked: take,
    heard() {
      const missed = !isHeard()
      heardAtMs = clock.now()
      if (missed) gap()
    },
    interrupted() {
      connected = false
      gap()
    },
    listening() {
      connected = true
      gap()
    },
  })
  const tick = setInterval(() => {
    noteSilence()
    index.prune(clock.now())
    catchUp()
  }, catchUpEveryMs)
  tick.unref()

  return {
    find(subject) {
      if (!isAlive()) {
        noteSilence()
        return ask(store.find(subject))
      }
      const found = index.find(subject)
      return found === 'unsure' ? ask(store.find(subject)) : found
    },
    async revoke(facts) {
      const revocation = readRevocation({ ...facts, revokedAtMs: clock.now() })
      if (revocation === undefined) {
        throw new RangeError(
          'A revocation has a kind, an id and a cause of 1 to 256 characters, and whole times',
        )
      }
      await store.add(revocation).catch((cause) => {
        throw unreachable(cause)
      })
      take(revocation)
      // Not awaited: it is stored, and a bus that is down must not hold up who is being signed out.
      bus.publish(revocation).catch(() => {})
    },
    onRevoked(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    get alive() {
      return isAlive()
    },
    async stop() {
      clearInterval(tick)
      await bus.stop()
      await reading
    },
  }

  function isHeard(): boolean {
    if (bus.silentAfterMs === Number.POSITIVE_INFINITY) return true
    // Either way: a clock that was set back must not make a silence look short.
    return Math.abs(clock.now() - heardAtMs) < bus.silentAfterMs
  }

  function isAlive(): boolean {
    return connected && closedGaps === gaps && isHeard()
  }

  function gap(): void {
    gaps++
    catchUp()
  }

  /** One event per change: silent when the bus was not heard for its limit, restored when memory answers again. */
  function noteSilence(): void {
    if (!silent && !isHeard()) {
      silent = true
      events.emit({ event: 'revocation.bus_silent', details: { silent_after_ms: bus.silentAfterMs } })
    } else if (silent && isAlive()) {
      silent = false
      events.emit({ event: 'revocation.bus_restored' })
    }
  }

  function take(revocation: Revocation): void {
    if (!index.add(revocation, clock.now())) return
    for (const listener of [...listeners]) {
      try {
        listener(revocation)
      } catch (error) {
        // The other listeners must still hear it: each may hold connections of what has just ended.
        process.emitWarning(`A listener for revocations failed: ${String(error)}`, 'LevqorRevocations')
      }
    }
  }

  /** Reads what the store has taken since the last time. If it cannot, the next tick tries again. */
  function catchUp(): void {
    reading ??= readNews()
      .catch(() => {})
      .finally(() => {
        reading = undefined
      })
  }

  async function readNews(): Promise<void> {
    do {
      // What goes missing while this is being read is not in it: only the gaps before are closed by it.
      const closing = gaps
      await readPages()
      closedGaps = closing
    } while (connected && closedGaps !== gaps)
    noteSilence()
  }

  async function readPages(): Promise<void> {
    const head = await ask(store.head())
    // A store that was put back to an earlier state counts from there.
    if (head < position) position = 0
    while (position < head) {
      const page = await ask(store.since(position, pageSize))
      for (const { position: _, ...revocation } of page) take(revocation)
      const last = page.at(-1)?.position ?? 0
      position = page.length < pageSize ? Math.max(head, last) : last
    }
  }

  async function ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await within(storePatienceMs, answer)
    } catch (error) {
      throw unreachable(error)
    }
  }
}

function unreachable(cause?: unknown) {
  return guardError('store_unreachable', 'The store of revocations does not answer.', cause)
}
