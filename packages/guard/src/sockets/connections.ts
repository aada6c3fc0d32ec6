// Open transport connections: how many an address has, and how many frames each sends. Counted in this process, where
// the connections are; a frame must not cost a question to a store.
import type { Guard } from '../kernel/create-guard.ts'
import type { OpenPassage } from '../kernel/passage.ts'
import type { Sockets } from './compile-sockets.ts'

/** Frames that a connection may send before anybody on it has been let in: handshakes for a few namespaces. */
const framesBeforeHandshake = 20

/** One open connection. */
export interface Connection {
  /** How the request for it passed the gate; without a decision. */
  readonly passage: OpenPassage
  /** Somebody on it was let in: from now on the policy's frame rate holds. */
  admitted(): void
  /** Counts an incoming frame of any kind; cuts the connection when there are too many. */
  frame(): void
  /** Calls when it ends, whoever ends it; at once if it has ended. Returns the function that forgets the listener. */
  onClosed(listener: () => void): () => void
  /** To be called when it has ended. */
  closed(): void
}

/** The open connections of this process. */
export interface Connections {
  /** Whether an address has as many as it may. */
  full(addressKey: string): boolean
  open(passage: OpenPassage, cut: () => void): Connection
}

/** Creates the count. */
export function createConnections(sockets: Sockets, guard: Guard): Connections {
  const { clock, switches, events } = guard
  const openByAddress = new Map<string, number>()
  const full = (key: string) => (openByAddress.get(key) ?? 0) >= sockets.openPerAddress
  return { full, open }

  function open(passage: OpenPassage, cut: () => void): Connection {
    const key = passage.client.key
    // Requests that were judged at the same moment all saw room for one more.
    const over = full(key) && switches.mode('limits') === 'enforce'
    openByAddress.set(key, (openByAddress.get(key) ?? 0) + 1)
    const listeners = new Set<() => void>()
    let isOpen = true
    let known = false
    let frames = 0
    let secondStartedAt = clock.now()
    if (over) {
      report('socket.refused', { stage: 'connection', reason: 'too_many_connections' })
      end()
    }
    return {
      passage,
      admitted() {
        known = true
      },
      frame,
      onClosed(listener) {
        if (isOpen) listeners.add(listener)
        else listener()
        return () => listeners.delete(listener)
      },
      closed,
    }

    function frame(): void {
      const now = clock.now()
      if (known && (now - secondStartedAt >= 1000 || now < secondStartedAt)) {
        secondStartedAt = now
        frames = 0
      }
      frames++
      // Above the edge only once: whatever else arrives before the end is not worth a second event.
      if (frames !== (known ? sockets.framesPerSecond : framesBeforeHandshake) + 1) return
      const mode = switches.mode('limits')
      if (mode === 'off') return
      report('socket.flood', { reason: 'frames', mode, frames })
      if (mode === 'enforce') end()
    }

    function end(): void {
      cut()
      closed()
    }

    function closed(): void {
      if (!isOpen) return
      isOpen = false
      const left = (openByAddress.get(key) ?? 1) - 1
      if (left === 0) openByAddress.delete(key)
      else openByAddress.set(key, left)
      for (const listener of listeners) listener()
    }

    function report(
      event: 'socket.flood' | 'socket.refused',
      details: Record<string, string | number>,
    ): void {
      events.emit({
        event,
        requestId: passage.exchange.requestId,
        address: passage.clientIp,
        details: { door: passage.door.name, ...details },
      })
    }
  }
}
