// The guard where no route handler is: a catch-all that answers 404 as the proxy does.
import type { Guard } from '../index.ts'
import { type GuardNextOptions, passRequest } from './pass-request.ts'

/**
 * A route handler for what no other one serves, such as `app/api/[...rest]/route.ts`: behind the policy's unmatched
 * door, so that it is counted and has the security headers, and always refused: 404, or what that door says.
 * @example
 * const answer = guardNextUnmatched(guard)
 * export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT }
 */
export function guardNextUnmatched(
  guard: Guard,
  options: Pick<GuardNextOptions, 'connection'> = {},
): (request: Request) => Promise<Response> {
  const nothing = { door: guard.unmatched, named: false }
  return async (request) => {
    const { refusal } = await passRequest(guard, nothing, request, options)
    if (refusal === undefined) throw new Error('Where nothing is named, nothing passes')
    return refusal
  }
}
