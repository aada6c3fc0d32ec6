// One stream for everything worth a security person's attention.
import type { Clock } from '../clock.ts'
import { type SecurityEvent, type SecurityEventInput, securityEvents } from './catalogue.ts'
import { createSinkQueue, type SecurityEventSink, type SinkState } from './event-sink.ts'
import { createFloodMerger } from './merge-floods.ts'
import type { Pseudonyms } from './pseudonyms.ts'

/** Takes events. `emit` never throws, never waits. */
export interface SecurityEvents {
  /**
   * Of events of one address that say the same, the first three in a second are written one by one, the rest as one
   * with their number in `details.merged`.
   */
  emit(input: SecurityEventInput): void
  /** Per sink: written, dropped, waiting. */
  state(): Readonly<Record<string, SinkState>>
  /** For shutdown: waits until the queues are empty, at most `timeoutMs`. True if they are. */
  flush(timeoutMs: number): Promise<boolean>
}

/** Settings of {@link createSecurityEvents}. */
export interface SecurityEventsOptions {
  readonly sinks: readonly SecurityEventSink[]
  readonly clock: Clock
  readonly pseudonyms: Pseudonyms
  /** Events waiting per sink (default 10,000). */
  readonly capacity?: number
}

/**
 * Creates the pipeline.
 * @example
 * const events = createSecurityEvents({ sinks: [stdoutSink()], clock, pseudonyms })
 * events.emit({ event: 'auth.failed', requestId, address: clientIp })
 */
export function createSecurityEvents(options: SecurityEventsOptions): SecurityEvents {
  const { clock, pseudonyms, capacity = 10_000 } = options
  const queues = options.sinks.map((sink) => ({
    name: sink.name,
    queue: createSinkQueue(sink, capacity, (count) =>
      complete({ event: 'events.dropped', details: { sink: sink.name, count } }),
    ),
  }))
  const merger = createFloodMerger(clock, (input) => {
    const event = complete(input)
    for (const { queue } of queues) queue.push(event)
  })
  return {
    emit: merger.push,
    state: () => Object.fromEntries(queues.map(({ name, queue }) => [name, queue.state()])),
    async flush(timeoutMs) {
      merger.flush()
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), timeoutMs)
      })
      const empty = Promise.all(queues.map(({ queue }) => queue.drained())).then(() => true as const)
      const finished = await Promise.race([empty, late])
      clearTimeout(timer)
      return finished
    },
  }

  function complete(input: SecurityEventInput): SecurityEvent {
    return {
      time: clock.now(),
      event: input.event,
      severity: securityEvents[input.event],
      ...(input.requestId === undefined ? {} : { requestId: input.requestId }),
      ...(input.actorId === undefined ? {} : { actorId: input.actorId }),
      ...(input.workspaceId === undefined ? {} : { workspaceId: input.workspaceId }),
      ...(input.address === undefined ? {} : { address: pseudonyms('address', input.address) }),
      ...(input.details === undefined ? {} : { details: input.details }),
    }
  }
}

/** Takes events and forgets them, for programs without a pipeline. */
export const noSecurityEvents: SecurityEvents = {
  emit: () => {},
  state: () => ({}),
  flush: () => Promise.resolve(true),
}
