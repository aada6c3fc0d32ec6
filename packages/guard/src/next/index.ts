// Next.js and Fetch adapter of the guard.
export { type Connection, stampConnections } from './connection.ts'
export { type GuardedHandler, guardNext } from './guard-next.ts'
export {
  type GuardNextProxyOptions,
  guardNextProxy,
  type ProxyRequest,
  type ProxyResponses,
} from './guard-next-proxy.ts'
export { guardNextUnmatched } from './guard-next-unmatched.ts'
export type { GuardNextOptions } from './pass-request.ts'
export { sharedGuard } from './shared-guard.ts'
