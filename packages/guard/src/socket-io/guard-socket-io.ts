// The guard at every socket of a Socket.IO 4 server: each connection, each namespace, each event.
import type { Actor, Guard, OpenPassage } from '../index.ts'
import {
  type Connection,
  createSocketGuard,
  type SocketGuardOptions,
  type SocketRefusal,
} from '../sockets/index.ts'
import { checkAttachment } from './check-attachment.ts'
import { closeConnection } from './close-connection.ts'
import type {
  EngineConnection,
  GuardableNamespace,
  GuardableServer,
  GuardableSocket,
} from './guardable-server.ts'
import { handshakeHeaders } from './handshake-headers.ts'
import { requireEvents } from './require-events.ts'
import { acceptedPassage } from './socket-io-options.ts'

const actors = new WeakMap<object, Actor>()

/** Who a guarded socket belongs to; `undefined` for strangers. */
export function socketActor(socket: object): Actor | undefined {
  return actors.get(socket)
}

/**
 * Guards a server that was created with `socketIoOptions(guard)`: handshakes of all namespaces pass the policy's door,
 * events their throttles and caps, and a socket ends with its session. Call it before the server listens. Refusals
 * reach clients as `connect_error` (`error.data`), as the acknowledgement of the event, or as an `error` event.
 * @returns the function that stops listening to revocations, for shutdown
 * @throws GuardError `socket_options_missing`, `recovery_skips_middleware`, `guard_late`; `event_unknown` from
 *   `socket.on` for an event that the policy does not name
 * @example
 * const io = new Server(httpServer, socketIoOptions(guard))
 * guardSocketIo(io, guard, { identify, revocations, onError: console.error })
 */
export function guardSocketIo(io: GuardableServer, guard: Guard, options: SocketGuardOptions): () => void {
  const gate = checkAttachment(io, guard)
  const socketGuard = createSocketGuard(gate, options)
  const connections = new WeakMap<EngineConnection, Connection>()

  // The answer to a connection's first request is written before the connection is told of.
  io.engine.on('headers', (headers, request) => secure(headers, acceptedPassage(request)))
  io.engine.on('connection', (conn) => {
    const passage = acceptedPassage(conn.request)
    if (passage === undefined) return closeConnection(conn, 'now')
    const connection = gate.opened(passage, () => closeConnection(conn, 'now'))
    connections.set(conn, connection)
    conn.transport.on('headers', (headers) => secure(headers, passage))
    conn.on('packet', connection.frame)
    conn.once('close', () => {
      connection.closed()
      closeConnection(conn, 'soon')
    })
  })
  // A middleware of the server is one of its main namespace only, and clients may enter any other without it.
  for (const namespace of io._nsps.values()) guardNamespace(namespace)
  io.on('new_namespace', guardNamespace)
  return socketGuard.stop

  /** Polling answers are answers of an API, with text that others wrote: no browser may take them for a page. */
  function secure(headers: Record<string, string>, passage: OpenPassage | undefined): void {
    if (passage !== undefined) Object.assign(headers, guard.headersFor(passage))
  }

  function guardNamespace(namespace: GuardableNamespace): void {
    namespace.use((socket, next) => void enter(socket, next))
  }

  async function enter(socket: GuardableSocket, next: (error?: Error) => void): Promise<void> {
    const connection = connections.get(socket.conn)
    if (connection === undefined) return closeConnection(socket.conn, 'now')
    requireEvents(socket, gate.sockets.events)
    const { headers, auth } = socket.handshake
    const handshake = { headers: handshakeHeaders(headers, auth), auth }
    const end = (refusal: SocketRefusal) => endSocket(socket, refusal)
    const { socket: guarded, refusal } = await socketGuard.admit(connection, handshake, {
      id: socket.id,
      end,
    })
    if (refusal !== undefined) return next(Object.assign(new Error(refusal.title), { data: refusal }))
    if (guarded.actor !== undefined) actors.set(socket, guarded.actor)
    socket.use((packet, pass) => guarded.receive(packet, pass, (refused) => answer(socket, packet, refused)))
    socket.once('disconnect', guarded.closed)
    next()
  }
}

function endSocket(socket: GuardableSocket, refusal: SocketRefusal): void {
  socket.emit('error', refusal)
  socket.disconnect(true)
  closeConnection(socket.conn, 'soon')
}

function answer(socket: GuardableSocket, packet: readonly unknown[], refusal: SocketRefusal): void {
  const acknowledge = packet.at(-1)
  if (typeof acknowledge === 'function') acknowledge(refusal)
  else socket.emit('error', refusal)
}
