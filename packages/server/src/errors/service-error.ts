// An error meant for the caller: thrown once where it happens, translated once at the edge.
import type { ErrorCode } from './catalogue.ts'

/** One thing wrong with a request. */
export interface Problem {
  /** RFC 6901 JSON Pointer into the body, or the name of a parameter. */
  readonly pointer: string
  readonly code: string
  readonly message: string
}

/** Structural: every package throws this shape, with the codes of its own. */
export interface ServiceError extends Error {
  readonly code: string
  /** Shown to the caller in place of the catalogue's help. Never contains a secret or somebody else's data. */
  readonly detail?: string
  readonly problems?: readonly Problem[]
  readonly retryAfterMs?: number
}

export interface ServiceErrorFacts {
  readonly detail?: string
  readonly problems?: readonly Problem[]
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/**
 * Makes an error of the catalogue.
 * @example throw serviceError('not_found', { detail: 'There is no API key with this identifier.' })
 */
export function serviceError(code: ErrorCode, facts: ServiceErrorFacts = {}): ServiceError {
  const { cause, ...shown } = facts
  const error = new Error(facts.detail ?? code, cause === undefined ? undefined : { cause })
  return Object.assign(error, { code, ...shown })
}
