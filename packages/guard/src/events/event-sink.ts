// Where events go. A sink may be slow or fail; it can neither slow a request nor lose an event unnoticed.
import type { SecurityEvent } from './catalogue.ts'

/** Port for a destination (database, metrics, a log). */
export interface SecurityEventSink {
  readonly name: string
  /**
   * Events are collected for so long and written together, milliseconds (default: for one turn of the event loop). For
   * destinations where each batch has a price of its own, such as a commit.
   */
  readonly gatherMs?: number
  /** Writes a batch in order. A rejection counts the batch as dropped. */
  write(events: readonly SecurityEvent[]): Promise<void> | void
}

/** How one sink is doing. */
export interface SinkState {
  readonly written: number
  readonly dropped: number
  readonly waiting: number
}

const batchSize = 256

/** A bounded queue in front of one sink. */
export interface SinkQueue {
  push(event: SecurityEvent): void
  state(): SinkState
  /** Resolves when everything pushed before has been written or dropped. Nothing is collected any longer meanwhile. */
  drained(): Promise<void>
}

/** Queues at most `capacity` events; what comes on top is dropped and counted, and reported once there is room. */
export function createSinkQueue(
  sink: SecurityEventSink,
  capacity: number,
  droppedEvent: (count: number) => SecurityEvent,
): SinkQueue {
  let waiting: SecurityEvent[] = []
  let inFlight = 0
  let written = 0
  let dropped = 0
  let reported = 0
  let draining: Promise<void> | undefined
  let flushing = false
  let hurry: (() => void) | undefined
  return {
    push(event) {
      if (waiting.length + inFlight >= capacity) {
        dropped++
        return
      }
      waiting.push(event)
      draining ??= drain()
    },
    state: () => ({ written, dropped, waiting: waiting.length + inFlight }),
    drained() {
      if (draining === undefined) return Promise.resolve()
      flushing = true
      hurry?.()
      return draining
    },
  }

  /** Collects at least what the same turn of the event loop brings: nothing is written inside a request's own call. */
  function gather(): Promise<void> {
    return new Promise((resolve) => {
      if (sink.gatherMs === undefined || flushing) {
        setImmediate(resolve)
        return
      }
      const timer = setTimeout(resolve, sink.gatherMs)
      hurry = () => {
        clearTimeout(timer)
        setImmediate(resolve)
      }
    })
  }

  async function drain(): Promise<void> {
    // The event that tells of drops, while it is on its way; told only once it was written.
    let report: { readonly event: SecurityEvent; readonly count: number } | undefined
    while (waiting.length > 0) {
      if (waiting.length < batchSize) await gather()
      hurry = undefined
      const batch = waiting.slice(0, batchSize)
      waiting = waiting.slice(batchSize)
      inFlight = batch.length
      try {
        await sink.write(batch)
        written += batch.length
        if (report !== undefined && batch.includes(report.event)) {
          reported += report.count
          report = undefined
        }
        if (report === undefined && dropped > reported) {
          const count = dropped - reported
          report = { event: droppedEvent(count), count }
          waiting.push(report.event)
        }
      } catch {
        // Not reported through the failing sink itself: the count waits until a batch succeeds.
        const held = report !== undefined && batch.includes(report.event)
        dropped += held ? batch.length - 1 : batch.length
        if (held) report = undefined
      }
      inFlight = 0
    }
    draining = undefined
    flushing = false
  }
}
