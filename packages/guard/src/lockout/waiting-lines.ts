// Attempts that found every place of a counter taken stand in line, first come, first served. One line per counter,
// and only its head asks the store: 200 parallel attempts cost the store no more than the places they get.
//
// A place that is given back in this process wakes the line at once; places that other processes give back are found
// by asking again, in growing steps while nothing moves. After a few places in a row a line rests for longer than
// another process sleeps between two looks, so that a busy process cannot starve the others.
//
// Waiting is measured in monotonic time: a clock that is set back must not make anybody wait for an hour.

/** What the store said to an attempt that asks for a place. */
export type PlaceAnswer =
  | { readonly outcome: 'reserved' }
  | { readonly outcome: 'locked'; readonly counter: string; readonly retryAfterMs: number }
  /** `newest` names the youngest check under way: it changes when a place has gone from hand to hand. */
  | {
      readonly outcome: 'busy'
      readonly counter: string
      readonly newest: string
      readonly retryAfterMs: number
    }
  | { readonly outcome: 'unavailable' }

/** The lines of one process. */
export interface WaitingLines {
  /** Asks for a place, or stands in line behind those who wait for one of these counters already. */
  enter(counters: readonly string[], ask: () => Promise<PlaceAnswer>): Promise<PlaceAnswer>
  /** A place of these counters has become free. */
  wake(counters: readonly string[]): void
  /** How many wait. */
  readonly waiting: number
}

/** Settings of {@link createWaitingLines}. */
export interface WaitingLinesOptions {
  /** So long a line may stand still before its head is refused. */
  readonly waitMs: number
  /** So long anybody may stand in line, however fast it moves. */
  readonly longestMs: number
}

interface Waiter {
  /** Counts arrivals: the order of every line, also for those who come from another one. */
  readonly ticket: number
  readonly since: number
  readonly ask: () => Promise<PlaceAnswer>
  readonly answer: (answer: PlaceAnswer) => void
}

interface Line {
  readonly waiters: Waiter[]
  woken: boolean
  wake: () => void
}

const maxPerLine = 512
const maxWaiting = 2048
const firstPauseMs = 15
const longestPauseMs = 120
const placesInARow = 16
const restMs = 25

/** Creates the lines of one lockout. */
export function createWaitingLines({ waitMs, longestMs }: WaitingLinesOptions): WaitingLines {
  const lines = new Map<string, Line>()
  // Counters that an attempt without a line is asking about just now: whoever comes meanwhile stands behind it.
  const asking = new Set<string>()
  let waiting = 0
  let tickets = 0
  return {
    async enter(counters, ask) {
      const came = { ticket: tickets++, since: performance.now(), ask }
      const behind = counters.find((counter) => lines.has(counter) || asking.has(counter))
      if (behind !== undefined) return stand(behind, came, tooLate(behind))
      for (const counter of counters) asking.add(counter)
      const answer = await ask()
      for (const counter of counters) asking.delete(counter)
      wake(counters)
      return answer.outcome === 'busy' ? stand(answer.counter, came, answer) : answer
    },
    wake,
    get waiting() {
      return waiting
    },
  }

  function wake(counters: readonly string[]): void {
    for (const counter of counters) {
      const line = lines.get(counter)
      if (line === undefined) continue
      line.woken = true
      line.wake()
    }
  }

  function stand(
    counter: string,
    waiter: Omit<Waiter, 'answer'>,
    refusal: PlaceAnswer,
  ): Promise<PlaceAnswer> {
    const line = lines.get(counter)
    if (waiting >= maxWaiting || (line !== undefined && line.waiters.length >= maxPerLine)) {
      return Promise.resolve(refusal)
    }
    waiting++
    return new Promise((resolve) => {
      const answer = (given: PlaceAnswer) => {
        waiting--
        resolve(given)
      }
      join(counter, { ...waiter, answer })
    })
  }

  function join(counter: string, waiter: Waiter): void {
    const known = lines.get(counter)
    if (known !== undefined) {
      const behind = known.waiters.findLastIndex(({ ticket }) => ticket < waiter.ticket)
      known.waiters.splice(behind + 1, 0, waiter)
      return
    }
    const line: Line = { waiters: [waiter], woken: false, wake: () => {} }
    lines.set(counter, line)
    void serve(counter, line)
  }

  /** Runs as long as the line exists. `ask` never rejects. */
  async function serve(counter: string, line: Line): Promise<void> {
    let movedAt = performance.now()
    let newest = ''
    let pauseMs = firstPauseMs
    let inARow = 0
    while (line.waiters.length > 0) {
      await pause(line, Math.min(pauseMs, timeLeft(line, movedAt)))
      for (let head = line.waiters.shift(); head !== undefined; head = line.waiters.shift()) {
        if (performance.now() - head.since >= longestMs) {
          head.answer(tooLate(counter))
          continue
        }
        const answer = await head.ask()
        if (answer.outcome === 'busy') {
          join(answer.counter, head)
          if (answer.counter !== counter) continue
          pauseMs = answer.newest === newest ? Math.min(pauseMs * 2, longestPauseMs) : firstPauseMs
          if (answer.newest !== newest) movedAt = performance.now()
          newest = answer.newest
          refuseLate(line, movedAt, answer)
          break
        }
        head.answer(answer)
        if (answer.outcome === 'reserved') {
          movedAt = performance.now()
          if (++inARow >= placesInARow) {
            inARow = 0
            await rest()
          }
        }
        // A lock of this counter is the answer to everybody in its line, and a store that fails is not asked once more
        // for each: 195 more questions would change nothing.
        if (answer.outcome === 'unavailable' || (answer.outcome === 'locked' && answer.counter === counter)) {
          for (const waiter of line.waiters.splice(0)) waiter.answer(answer)
        }
      }
    }
    lines.delete(counter)
  }

  function timeLeft(line: Line, movedAt: number): number {
    const since = line.waiters[0]?.since ?? 0
    return Math.max(1, Math.min(Math.max(movedAt, since) + waitMs, since + longestMs) - performance.now())
  }

  /** The head has waited longest; whoever is not late yet has nobody late behind. */
  function refuseLate(line: Line, movedAt: number, refusal: PlaceAnswer): void {
    const now = performance.now()
    for (let head = line.waiters[0]; head !== undefined; head = line.waiters[0]) {
      if (now - Math.max(movedAt, head.since) < waitMs) return
      line.waiters.shift()
      head.answer(refusal)
    }
  }

  function tooLate(counter: string): PlaceAnswer {
    return { outcome: 'busy', counter, newest: '', retryAfterMs: waitMs }
  }
}

/** Ends when the line is woken, at once if it was while nobody listened. */
function pause(line: Line, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      line.wake = () => {}
      line.woken = false
      resolve()
    }
    const timer = setTimeout(end, ms)
    line.wake = end
    if (line.woken) end()
  })
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, restMs))
}
