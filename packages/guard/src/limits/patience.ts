// Waiting for answers, but not for long and not for many: what bounds the delay and the memory that a store which
// has stopped answering can cost. One timer watches all that wait, because they wait equally long: a timer for each
// would cost every request of a healthy store more than its own wait does.

/** Those who wait. */
export interface Patience<T> {
  /** The answer if it comes in time, `instead()` if it is refused, late, or too many are waiting. */
  wait(answer: Promise<T>, instead: () => T): Promise<T>
  /** Nobody waits any longer: everybody gets their `instead()` now. */
  giveUp(): void
}

/** Settings of {@link createPatience}. */
export interface PatienceOptions {
  readonly patienceMs: number
  readonly mostWaiting: number
  /** Told of every answer that was refused or is late. */
  readonly onFailure: (cause: 'error' | 'late') => void
}

interface Waiting {
  readonly since: number
  readonly giveUp: () => void
}

/** Timers are late and what follows takes time too: the promised delay includes both. */
const share = 0.7

/** Starts with nobody waiting. */
export function createPatience<T>({ patienceMs, mostWaiting, onFailure }: PatienceOptions): Patience<T> {
  const watchMs = patienceMs * share
  // In the order in which they came: the first has waited longest.
  const waiting = new Set<Waiting>()
  let watching = false
  return { wait, giveUp }

  function wait(answer: Promise<T>, instead: () => T): Promise<T> {
    return new Promise((resolve) => {
      const self: Waiting = { since: performance.now(), giveUp: () => resolve(instead()) }
      waiting.add(self)
      answer.then(
        (value) => {
          waiting.delete(self)
          resolve(value)
        },
        () => {
          if (!waiting.delete(self)) return
          self.giveUp()
          onFailure('error')
        },
      )
      if (waiting.size > mostWaiting) onFailure('late')
      else if (!watching) watchIn(watchMs)
    })
  }

  function giveUp(): void {
    for (const each of waiting) each.giveUp()
    waiting.clear()
  }

  function watchIn(ms: number): void {
    watching = true
    // Checked once more after the sockets have been read: an answer that is there is not late, even when this
    // process itself was busy for longer than the patience.
    setTimeout(() => (oldestMs() < watchMs ? watch() : setImmediate(watch)), ms)
  }

  function watch(): void {
    watching = false
    const age = oldestMs()
    if (age >= watchMs) onFailure('late')
    else if (waiting.size > 0) watchIn(watchMs - age)
  }

  function oldestMs(): number {
    for (const oldest of waiting) return performance.now() - oldest.since
    return 0
  }
}
