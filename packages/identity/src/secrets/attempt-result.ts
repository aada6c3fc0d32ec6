// What an attempt at a secret came to, as the caller meets it.
import type { Decision } from '@levqor/guard'
import type { AttemptResult } from '@levqor/guard/lockout'
import { type ErrorCode, type ServiceError, serviceError } from '@levqor/server'

/**
 * What the right secret opened.
 * @param wrong the answer to a wrong one
 * @throws ServiceError `wrong`, `locked`, `limits_unavailable`
 */
export function requireRight<T>(result: AttemptResult<T>, wrong: ErrorCode): T {
  if (result.outcome === 'succeeded') return result.value
  throw result.outcome === 'failed' ? serviceError(wrong) : attemptError(result.decision)
}

/** 401 for a wrong secret, 429 while locked, 503 when nobody can count. */
export function attemptError({ reason, retryAfterMs }: Decision): ServiceError {
  const facts = retryAfterMs === undefined ? {} : { retryAfterMs }
  switch (reason) {
    case 'invalid_credentials':
    case 'locked':
    case 'limits_unavailable':
      return serviceError(reason, facts)
    default:
      throw new Error(`A lockout does not answer ${reason}.`)
  }
}
