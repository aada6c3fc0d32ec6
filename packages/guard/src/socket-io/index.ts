// Socket.IO adapter of the guard.
export type {
  Every,
  SocketGuardOptions,
  SocketHandshake,
  SocketRefusal,
} from '../sockets/index.ts'
export { guardSocketIo, socketActor } from './guard-socket-io.ts'
export { type GuardedSocketIoOptions, socketIoOptions } from './socket-io-options.ts'
