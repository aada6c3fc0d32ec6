// The boot check of events: a handler for an event that the policy does not name is refused where it is registered,
// and so is a handler for any event, which Socket.IO calls before the guard is asked.
import { guardError } from '../index.ts'

/** What the library and Node raise themselves. */
const own: ReadonlySet<unknown> = new Set(['disconnect', 'disconnecting', 'error'])

const registering = ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const
const registeringAny = ['onAny', 'prependAny'] as const

type Listener = (...values: unknown[]) => void

/** A socket as Node's event emitter, with Socket.IO's handlers for any event. */
export interface Listening {
  on(event: string, listener: Listener): unknown
  once(event: string, listener: Listener): unknown
  addListener(event: string, listener: Listener): unknown
  prependListener(event: string, listener: Listener): unknown
  prependOnceListener(event: string, listener: Listener): unknown
  onAny(listener: Listener): unknown
  prependAny(listener: Listener): unknown
  eventNames(): (string | symbol)[]
}

/**
 * Checks what is registered on a socket already and whatever will be.
 * Node's own `newListener` event would be the place, but Socket.IO's sockets cannot raise it: their `emit` sends.
 * @throws GuardError `event_unknown`
 */
export function requireEvents(socket: Listening, events: ReadonlyMap<string, unknown>): void {
  const check = (event: unknown) => {
    if (typeof event === 'symbol' || own.has(event) || (typeof event === 'string' && events.has(event)))
      return
    const fix = `Add it to sockets.events of the policy, which has: ${[...events.keys()].join(', ')}.`
    throw guardError('event_unknown', `socket.on("${event}") names no event of the policy. ${fix}`)
  }
  for (const event of socket.eventNames()) check(event)
  for (const method of registering) {
    const register = socket[method]
    socket[method] = (event, listener) => {
      check(event)
      return register.call(socket, event, listener)
    }
  }
  for (const method of registeringAny) {
    socket[method] = () => {
      throw guardError(
        'event_unknown',
        `socket.${method} sees events before the guard does: name the events.`,
      )
    }
  }
}
