// Why an outgoing request was not made or not finished. Messages never name an address that a name resolved to:
// that would let a tenant map the network from inside.

/** Stable codes of outgoing requests. */
export type EgressErrorCode =
  | 'egress_blocked'
  | 'egress_timeout'
  | 'egress_too_large'
  | 'egress_too_many_redirects'
  | 'egress_unresolvable'
  | 'egress_failed'

/** An `Error` with a stable code. `details.reason` is one short word, such as `loopback` or `ECONNREFUSED`. */
export interface EgressError extends Error {
  readonly code: EgressErrorCode
  readonly details: { readonly host: string; readonly reason: string }
}

/** Makes an {@link EgressError}. */
export function egressError(
  code: EgressErrorCode,
  message: string,
  host: string,
  reason: string,
): EgressError {
  // A URL's host may be as long as whoever wrote it liked, and this one goes into logs.
  return Object.assign(new Error(message), { code, details: { host: host.slice(0, 253), reason } })
}

/** Whether an error came from an outgoing request. */
export function isEgressError(error: unknown): error is EgressError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('egress_')
}
