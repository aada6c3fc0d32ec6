// Everything that a socket server needs of the guard once a connection stands, whatever library carries the frames:
// who may come in, what they may send, and for how long.
import type { Decision } from '../decision/decision.ts'
import type { Actor, Maybe } from '../kernel/identity.ts'
import type { Identify } from '../kernel/pass-door.ts'
import type { Exchange, OpenPassage } from '../kernel/passage.ts'
import { required } from '../kernel/refuse.ts'
import type { Revocations } from '../tokens/revocation/revocations.ts'
import { refusalsOf, reportRefused, type SocketGate } from './accept-connection.ts'
import type { Connection } from './connections.ts'
import { type GuardedSocket, openGuardedSocket, type SocketLink, userKeyOf } from './guarded-socket.ts'
import { createLiveSockets } from './live-sockets.ts'
import { createSessionTruth, type Every, everyInterval } from './session-truth.ts'
import { renderSocketRefusal, type SocketRefusal } from './socket-refusal.ts'

/** What a client showed when it connected. */
export interface SocketHandshake {
  /** Those of the request. A token sent as `auth.token` stands in `authorization`, where other doors have it. */
  readonly headers: Exchange['headers']
  /** What it sent beside: any shape, not to be trusted. */
  readonly auth: unknown
}

/** Settings of {@link createSocketGuard}. */
export interface SocketGuardOptions {
  /**
   * Who it is, asked once per handshake. Must find expired and ended credentials `invalid`. An actor should say its
   * `issuedAtMs`: without it, whoever signs in again right after all was ended may have to connect twice.
   */
  readonly identify: Identify<SocketHandshake>
  readonly revocations: Revocations
  /** Whether an actor's session still lives, for what ends without being revoked: running out. */
  readonly sessionLives?: (actor: Actor) => Maybe<boolean>
  /** What `identify`, `sessionLives` or the revocation store threw, for the application's log. */
  readonly onError: (error: unknown) => void
  /** The timer (default: the machine's). */
  readonly every?: Every
}

/** Either half, never both. */
export type Admission =
  | { readonly socket: GuardedSocket; readonly refusal?: never }
  | { readonly socket?: never; readonly refusal: SocketRefusal }

/** The guard of a socket server. */
export interface SocketGuard {
  /** Judges a handshake on an accepted connection. Never rejects. */
  admit(connection: Connection, handshake: SocketHandshake, link: SocketLink): Promise<Admission>
  /** Stops listening to the bus; each socket's own watch ends with the socket. */
  stop(): void
}

/** Creates the guard of a socket server behind its gate. */
export function createSocketGuard(gate: SocketGate, options: SocketGuardOptions): SocketGuard {
  const { guard, sockets } = gate
  const { identify, revocations, sessionLives, onError, every = everyInterval } = options
  const { switches } = guard
  const refuse = refusalsOf(guard)
  const live = createLiveSockets()
  const truth = createSessionTruth({
    live,
    revocations,
    sessionLives,
    every,
    everyMs: sockets.checkEveryMs,
    onStoreFailure: gate.door.rule.onStoreFailure,
    onError,
  })
  return { admit, stop: truth.stop }

  async function admit(
    connection: Connection,
    handshake: SocketHandshake,
    link: SocketLink,
  ): Promise<Admission> {
    // A connection may carry several sockets (namespaces): each passes the door by itself.
    const passage: OpenPassage = { ...connection.passage, actor: undefined, decision: undefined }
    const decision = (await pass(passage, handshake)) ?? tooMany(passage)
    if (decision !== undefined) return refused(passage, decision)
    // From here to the register nothing waits, so that sockets that arrive together are all counted.
    const socket = openGuardedSocket({ gate, live, truth, connection, passage, link })
    const ended = await socket.settled
    return ended === undefined ? { socket } : refused(passage, ended)
  }

  async function pass(passage: OpenPassage, handshake: SocketHandshake): Promise<Decision | undefined> {
    try {
      const decision = await guard.pass(passage, identify, handshake)
      return decision.outcome === 'deny' ? decision : undefined
    } catch (error) {
      onError(error)
      return required(refuse(passage, 'enforce', 'limits_unavailable', undefined, { retryAfterMs: 1000 }))
    }
  }

  function tooMany(passage: OpenPassage): Decision | undefined {
    const mode = switches.mode('limits')
    if (mode === 'off' || live.countOf(userKeyOf(passage)) < sockets.openPerUser) return undefined
    return refuse(passage, mode, 'too_many_connections', undefined)
  }

  function refused(passage: OpenPassage, decision: Decision): Admission {
    reportRefused(guard, passage, 'handshake', decision.reason)
    return { refusal: renderSocketRefusal(decision) }
  }
}
