// An attempt that did not succeed, as the caller meets it: 401 for a wrong secret, 429 while locked, 503 when nobody can
// count.
import type { Decision } from '@levqor/guard'
import { type ServiceError, serviceError } from '@levqor/server'

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
