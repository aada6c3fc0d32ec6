// Whoever can be refused a thousand times a second could otherwise write a thousand events a second: into disks,
// databases and somebody's pager. Of one address's equal events in one second the first few are told one by one, the
// rest as one event with their number. Nothing is lost silently: what was not told is counted.
import type { Clock } from '../clock.ts'
import type { SecurityEventInput } from './catalogue.ts'

/** In front of the sinks. */
export interface FloodMerger {
  push(input: SecurityEventInput): void
  /** Tells what was merged so far. */
  flush(): void
}

const toldOneByOne = 3
const windowMs = 1000
// Above it, events of further addresses are counted together without theirs: a bound on memory and on work.
const maxKeys = 10_000

interface Flood {
  last: SecurityEventInput
  count: number
}

/** Merges events that name an address; all others pass at once. */
export function createFloodMerger(clock: Clock, tell: (input: SecurityEventInput) => void): FloodMerger {
  const floods = new Map<string, Flood>()
  let windowStart = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  return { push, flush }

  function push(input: SecurityEventInput): void {
    if (input.address === undefined) {
      tell(input)
      return
    }
    // Also when the clock was set back.
    if (Math.abs(clock.now() - windowStart) >= windowMs) {
      flush()
      windowStart = clock.now()
    }
    count(keyOf(input), input)
  }

  function count(key: string, input: SecurityEventInput): void {
    const flood = floods.get(key)
    if (flood !== undefined) {
      flood.count++
      flood.last = input
      if (flood.count <= toldOneByOne) tell(input)
      // Should nothing follow, the number is told all the same.
      else timer ??= setTimeout(flush, windowMs).unref()
    } else if (floods.size < maxKeys || input.address === undefined) {
      floods.set(key, { last: input, count: 1 })
      tell(input)
    } else {
      const { address: _, actorId: __, workspaceId: ___, ...anybody } = input
      count(keyOf(anybody), anybody)
    }
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const ended = [...floods.values()]
    floods.clear()
    for (const { last, count } of ended) {
      if (count <= toldOneByOne) continue
      const { requestId: _, ...input } = last
      tell({ ...input, details: { ...last.details, merged: count - toldOneByOne } })
    }
  }
}

/** Equal for events that say the same about the same address. One address against many accounts says many things. */
function keyOf({ event, address = '', actorId = '', details }: SecurityEventInput): string {
  const { reason = '', cause = '', account = '', lockout = '' } = details ?? {}
  return `${event}|${address}|${actorId}|${reason}|${cause}|${account}|${lockout}`
}
