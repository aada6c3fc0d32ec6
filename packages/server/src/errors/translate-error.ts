// Anything thrown becomes an answer: one lookup in the catalogue, nothing about internals in the reply.
import { isTransientDatabaseError } from '@levqor/database'
import { z } from 'zod'
import { type ErrorFacts, findError } from './catalogue.ts'
import type { Problem } from './service-error.ts'
import { problemsOf } from './validation-problems.ts'

/** What the edge needs to answer and to log. */
export interface TranslatedError {
  readonly code: string
  readonly facts: ErrorFacts
  readonly detail: string
  readonly problems?: readonly Problem[]
  readonly retryAfterMs?: number
  /** True when nobody foresaw it: logged with its stack. */
  readonly unexpected: boolean
}

// Fastify's and Node's own codes, https://fastify.dev/docs/latest/Reference/Errors/
const aliases: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_BAD_URL: 'malformed_request',
  FST_ERR_ASYNC_CONSTRAINT: 'malformed_request',
  FST_ERR_HANDLER_TIMEOUT: 'timeout',
  FST_ERR_NOT_FOUND: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  FST_ERR_INVALID_URL: 'malformed_request',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  unique_violation: 'conflict',
  serialization_failure: 'database_busy',
  transaction_stuck: 'database_busy',
}

/** Never throws; an error that nobody foresaw is `internal_error` with no detail at all. */
export function translateError(error: unknown): TranslatedError {
  if (error instanceof z.ZodError) return known('validation_failed', { problems: problemsOf(error, 'body') })
  if (typeof error !== 'object' || error === null) return unknownError()
  const given = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const code = aliases[given] ?? given
  if (!findError(code)) return unknownError()
  const retryAfterMs =
    'retryAfterMs' in error && typeof error.retryAfterMs === 'number'
      ? error.retryAfterMs
      : isTransientDatabaseError(error) || findError(code)?.status === 503
        ? 1_000
        : undefined
  return known(code, {
    ...('detail' in error && typeof error.detail === 'string' ? { detail: error.detail } : {}),
    ...problemsIn(error),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function known(
  code: string,
  parts: { detail?: string; problems?: readonly Problem[]; retryAfterMs?: number },
): TranslatedError {
  const facts = findError(code)
  if (!facts) return unknownError()
  return { code, facts, unexpected: facts.status === 500, ...parts, detail: parts.detail ?? facts.help }
}

function unknownError(): TranslatedError {
  const facts = findError('internal_error') ?? { status: 500, title: '', retryable: true, help: '' }
  return { code: 'internal_error', facts, detail: facts.help, unexpected: true }
}

// Packages below name them `problems` or put them into `details`; both have the same three fields.
function problemsIn(error: object): { problems?: readonly Problem[] } {
  const listed = 'problems' in error ? error.problems : 'details' in error ? error.details : undefined
  return Array.isArray(listed) && listed.length > 0 && listed.every(isProblem) ? { problems: listed } : {}
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pointer' in value &&
    typeof value.pointer === 'string' &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  )
}
