// What a redirect changes (Fetch standard, HTTP-redirect fetch), and what must not travel to another origin.
import type { OutgoingRequest } from './send-once.ts'

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** The only headers another origin may see: any other could carry a credential under a name we do not know. */
const harmless: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'user-agent',
])

/** The address an answer redirects to; `undefined` if it does not; a text that is no URL gives `null`. */
export function redirectTarget(
  status: number,
  location: string | undefined,
  from: URL,
): URL | undefined | null {
  if (!redirects.has(status) || location === undefined) return undefined
  return URL.canParse(location, from.href) ? new URL(location, from.href) : null
}

/** The request to send to the redirect's target. */
export function redirected(request: OutgoingRequest, status: number, from: URL, to: URL): OutgoingRequest {
  const toGet = status === 303 ? request.method !== 'HEAD' : status < 303 && request.method === 'POST'
  const foreign = from.origin !== to.origin
  const headers = Object.entries(request.headers).filter(([name]) => {
    if (foreign && !harmless.has(name)) return false
    return !(toGet && name.startsWith('content-'))
  })
  return {
    method: toGet ? 'GET' : request.method,
    headers: Object.fromEntries(headers),
    body: toGet ? undefined : request.body,
  }
}
