// A socket lives as long as its session: asked when it connects, again on a timer, and told by the revocation bus.
// The bus is the fast way; the timer finds what no bus tells: sessions that ran out, messages that were lost.
import type { Actor, Maybe } from '../kernel/identity.ts'
import type { StoreFailureMode } from '../policy/policy.ts'
import type { Revocations } from '../tokens/revocation/revocations.ts'
import type { LiveSocket, LiveSockets, SessionHolder } from './live-sockets.ts'

/** Runs something every so often; returns the function that stops it. Injected, so that tests move time. */
export type Every = (intervalMs: number, run: () => void) => () => void

/** Settings of {@link createSessionTruth}. */
export interface SessionTruthOptions {
  readonly live: LiveSockets
  readonly revocations: Revocations
  readonly sessionLives: ((actor: Actor) => Maybe<boolean>) | undefined
  readonly everyMs: number
  readonly every: Every
  /** What becomes of a socket when nobody can say whether its session lives. */
  readonly onStoreFailure: StoreFailureMode
  readonly onError: (error: unknown) => void
}

/** Watches sessions. */
export interface SessionTruth {
  /** Looks again and again. Returns the function that stops it. */
  watch(socket: LiveSocket): SessionWatch
  /** Stops listening to the bus. */
  stop(): void
}

/** The watch over one socket's session. */
export interface SessionWatch {
  /** Looks now. Ends the socket when its session has ended; never rejects. */
  look(): Promise<void>
  stop(): void
}

/** Creates the watch and listens to the bus. */
export function createSessionTruth(options: SessionTruthOptions): SessionTruth {
  const { live, revocations, sessionLives, everyMs, every, onStoreFailure, onError } = options
  const stop = revocations.onRevoked((revocation) => {
    for (const socket of live.voidedBy(revocation)) socket.end('session_ended', revocation.cause)
  })
  return { watch, stop }

  function watch(socket: LiveSocket): SessionWatch {
    const { holder } = socket
    if (holder === undefined) return nothing
    let looking = false
    const look = async (): Promise<void> => {
      // The look before has had a whole interval and no answer.
      if (looking) return unknown(socket, new Error('The session of a socket could not be looked up in time'))
      looking = true
      try {
        const cause = await causeOfEnd(holder)
        if (cause !== undefined) socket.end('session_ended', cause)
      } catch (error) {
        unknown(socket, error)
      }
      looking = false
    }
    return { look, stop: every(everyMs, look) }
  }

  async function causeOfEnd({ actor, subject }: SessionHolder): Promise<string | undefined> {
    const revocation = await revocations.find(subject)
    if (revocation !== undefined) return revocation.cause
    const lives = sessionLives === undefined || (await sessionLives(actor))
    return lives ? undefined : 'expired'
  }

  function unknown(socket: LiveSocket, error: unknown): void {
    onError(error)
    if (onStoreFailure === 'deny') socket.end('limits_unavailable', 'store_unreachable')
  }
}

const nothing: SessionWatch = { look: async () => {}, stop: () => {} }

/** The machine's timer; does not keep a process alive. */
export const everyInterval: Every = (intervalMs, run) => {
  const timer = setInterval(run, intervalMs)
  timer.unref()
  return () => clearInterval(timer)
}
