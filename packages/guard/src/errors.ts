// Errors of the kernel itself: wrong configuration and misuse, never a request's fault (that is a Decision).

/** Stable codes of errors thrown at construction or start-up. */
export type GuardErrorCode =
  | 'cannot_start'
  | 'bad_policy'
  | 'bad_options'
  | 'bad_address_range'
  | 'bad_switch'
  | 'weak_secret'
  | 'bad_webhook_secret'
  | 'bad_webhook_policy'
  | 'bad_token_policy'
  | 'bad_lockout_policy'
  | 'bad_socket_policy'
  | 'bad_abuse_policy'
  | 'bad_network_table'
  | 'package_missing'
  | 'lockout_missing'
  | 'recovery_skips_middleware'
  | 'socket_options_missing'
  | 'event_unknown'
  | 'store_unreachable'
  | 'bad_limit_store'
  | 'bad_limit_form'
  | 'door_missing'
  | 'door_unknown'
  | 'bad_route'
  | 'bad_challenge'
  | 'guard_late'
  | 'identify_missing'
  | 'router_too_old'

/** An `Error` with a stable code; `details` lists every problem when several were found at once. */
export interface GuardError extends Error {
  readonly code: GuardErrorCode
  readonly details?: unknown
}

/** Makes a {@link GuardError}. Messages never contain secrets or request data. */
export function guardError(code: GuardErrorCode, message: string, details?: unknown): GuardError {
  const error = Object.assign(new Error(message), { code })
  // Not enumerable: the message names every problem already, and node would print them all again.
  return details === undefined ? error : Object.defineProperty(error, 'details', { value: details })
}
