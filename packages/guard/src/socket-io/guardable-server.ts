// The parts of a Socket.IO server that the guard touches, written so that servers with any event types fit.
import type { ServerOptions, Socket } from 'socket.io'
import type { Listening } from './require-events.ts'

/** A connection of the engine below Socket.IO; it carries the sockets of all namespaces. */
export type EngineConnection = Socket['conn']

/** A socket of a namespace. */
export interface GuardableSocket extends Listening {
  readonly id: string
  readonly request: Socket['request']
  readonly handshake: Pick<Socket['handshake'], 'headers' | 'auth'>
  readonly conn: EngineConnection
  emit(event: string, ...values: unknown[]): boolean
  use(middleware: (packet: unknown[], next: (error?: Error) => void) => void): unknown
  disconnect(close: boolean): unknown
}

/** A namespace. */
export interface GuardableNamespace {
  use(middleware: (socket: GuardableSocket, next: (error?: Error) => void) => void): unknown
}

/** `Server` of Socket.IO 4, whatever its event types. */
export interface GuardableServer {
  readonly engine: {
    readonly opts: Pick<ServerOptions, 'allowRequest' | 'maxHttpBufferSize' | 'cors' | 'transports'>
    readonly clientsCount: number
    on(event: 'connection', listener: (connection: EngineConnection) => void): unknown
    on(
      event: 'headers',
      listener: (headers: Record<string, string>, request: EngineConnection['request']) => void,
    ): unknown
  }
  readonly _opts: Partial<ServerOptions>
  readonly _nsps: ReadonlyMap<string, GuardableNamespace>
  on(event: 'new_namespace', listener: (namespace: GuardableNamespace) => void): unknown
}
