// Sockets without a library: what adapters build on.
export { createSocketGate, type SocketGate } from './accept-connection.ts'
export type { Connection } from './connections.ts'
export { createSocketGuard, type SocketGuardOptions, type SocketHandshake } from './create-socket-guard.ts'
export type { Every } from './session-truth.ts'
export type { SocketPolicy } from './socket-policy.ts'
export type { SocketRefusal } from './socket-refusal.ts'
