// Errors of the kernel itself: wrong configuration and misuse, never a request's fault (that is a Decision).

/** Stable codes of errors thrown at construction or start-up. */
export type GuardErrorCode =
  | 'bad_policy'
  | 'bad_address_range'
  | 'bad_switch'
  | 'weak_secret'
  | 'bad_webhook_secret'
  | 'door_missing'
  | 'door_unknown'
  | 'guard_late'

/** An `Error` with a stable code; `details` lists every problem when several were found at once. */
export interface GuardError extends Error {
  readonly code: GuardErrorCode
  readonly details?: unknown
}

/** Makes a {@link GuardError}. Messages never contain secrets or request data. */
export function guardError(code: GuardErrorCode, message: string, details?: unknown): GuardError {
  return Object.assign(new Error(message), { code, ...(details === undefined ? {} : { details }) })
}
