// The guard before a whole Next.js application: doors by route, headers on every answer, the nonce for the renderer.
import { type Guard, guardError } from '../index.ts'
import { type GuardNextOptions, passRequest, requireDoor } from './pass-request.ts'

/** The part of Next's request that names the route it will serve, without base path and locale. */
export interface ProxyRequest extends Request {
  readonly nextUrl: { readonly pathname: string }
}

/** The part of `NextResponse` that is used. Handed in, so that other servers need no Next to import the package. */
export interface ProxyResponses<A extends Response> {
  next(init: { readonly request: { readonly headers: Headers } }): A
}

/** Settings of {@link guardNextProxy}. */
export interface GuardNextProxyOptions<A extends Response> extends GuardNextOptions<ProxyRequest> {
  /** Next's class of that name, from `next/server`. */
  readonly NextResponse: ProxyResponses<A>
}

/**
 * The function to export as `proxy` from `proxy.ts` (`middleware.ts` with `runtime: 'nodejs'` before Next 16). Doors
 * come from the policy's `routes`. What they do not name is answered 404 behind the unmatched door: no rewrite and no
 * odd spelling reaches a page that nobody gave a door. An application with a not-found page of its own gives the rest
 * a door too: `'GET /*': 'page'`.
 * A page finds its nonce in the request header `x-nonce`; Next puts it on its own scripts by itself.
 * @throws GuardError `door_missing` when the policy has no routes, `identify_missing`
 * @example
 * export const proxy = guardNextProxy(guard, { identify, NextResponse })
 */
export function guardNextProxy<A extends Response>(
  guard: Guard,
  options: GuardNextProxyOptions<A>,
): (request: ProxyRequest) => Promise<A | Response> {
  const routes = guard.routes.list()
  if (routes.length === 0) {
    throw guardError(
      'door_missing',
      'The policy names no routes: the proxy would answer everything with 404.',
    )
  }
  for (const { door } of routes) requireDoor(guard, door, options.identify)
  const { NextResponse } = options
  return async (request) => {
    const { door, route } = guard.routes.find(request.method, request.nextUrl.pathname)
    const found = { door, named: route !== undefined }
    const { passage, headers, refusal } = await passRequest(guard, found, request, options)
    if (refusal !== undefined) return refusal
    const inner = new Headers(request.headers)
    // Overwritten or removed, never passed on: a caller must not choose the renderer's nonce.
    for (const name of ['content-security-policy', 'content-security-policy-report-only', 'x-nonce']) {
      inner.delete(name)
    }
    if (passage.nonce !== undefined) {
      inner.set('content-security-policy', guard.pageCsp(passage.nonce, passage.https))
      inner.set('x-nonce', passage.nonce)
    }
    const answer = NextResponse.next({ request: { headers: inner } })
    for (const [name, value] of headers) answer.headers.set(name, value)
    return answer
  }
}
