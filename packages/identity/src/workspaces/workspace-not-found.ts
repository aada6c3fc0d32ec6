// One answer for a workspace that is not there, not the caller's, or not the one their session acts in.
import { type ServiceError, serviceError } from '@levqor/server'

export function workspaceNotFound(): ServiceError {
  return serviceError('not_found', { detail: 'There is no such workspace here.' })
}
