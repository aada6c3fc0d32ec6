// The guard around one Next.js route handler, or around any handler that turns a Request into a Response.
import type { Guard, Passage } from '../index.ts'
import { type GuardNextOptions, passRequest, requireDoor } from './pass-request.ts'

/** A handler behind a door: it is called only when the guard lets the request pass, with what the guard found out. */
export type GuardedHandler<C extends readonly unknown[]> = (
  request: Request,
  passage: Passage,
  ...context: C
) => Response | Promise<Response>

/**
 * Puts a handler behind a door. A refused request gets a problem document, its body is never read; every answer gets
 * the security headers and says where the caller stands. Answer redirects with `Response.redirect`: an answer that
 * the framework makes from a thrown signal does not come through here.
 * @throws GuardError `door_unknown`, `identify_missing`, both when the module is loaded
 * @example
 * export const POST = guardNext(guard, 'checkout', async (request, { actor }) => …, { identify })
 */
export function guardNext<C extends readonly unknown[] = []>(
  guard: Guard,
  door: string,
  handler: GuardedHandler<C>,
  options: GuardNextOptions = {},
): (request: Request, ...context: C) => Promise<Response> {
  const found = { door: requireDoor(guard, door, options.identify), named: true }
  return async (request, ...context) => {
    const { passage, headers, refusal } = await passRequest(guard, found, request, options)
    if (refusal !== undefined) return refusal
    const { body, status, statusText, headers: own } = await handler(request, passage, ...context)
    // A new answer, because the headers of some (redirects, answers of fetch) cannot be changed. Those of the guard
    // win: a handler widens the policy, not the answer.
    const all = new Headers(own)
    for (const [name, value] of headers) all.set(name, value)
    return new Response(body, { status, statusText, headers: all })
  }
}
