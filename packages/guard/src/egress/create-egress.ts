// Requests that tenants' data can aim: pages to fetch, callbacks, partner webhooks. Everything they could abuse is
// bounded here: where they lead, how long they take, how much comes back, how often they are sent on.
import type { SecurityEvents } from '../events/event-pipeline.ts'
import { compileAllowList } from './allow-list.ts'
import { checkTarget, type ResolveHost, systemResolve } from './check-target.ts'
import { type EgressErrorCode, egressError, isEgressError } from './egress-error.ts'
import { acceptEncoding, readBody } from './read-body.ts'
import { redirected, redirectTarget } from './redirect.ts'
import { type OutgoingRequest, sendOnce } from './send-once.ts'

/** Settings of {@link createEgress}. */
export interface EgressOptions {
  /** Targets beyond the public internet: CIDR ranges, `address:port`, `host` or `host:port`. */
  readonly allow?: readonly string[]
  readonly resolve?: ResolveHost
  readonly events?: Pick<SecurityEvents, 'emit'>
  readonly userAgent?: string
}

/** One request. */
export interface EgressRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** For everything together: look-ups, redirects, the whole body (default 10 s). */
  readonly timeoutMs?: number
  /** Of the decoded body (default 1 MiB). */
  readonly maxBytes?: number
  /** Default 5; with 0 a redirect is an error. */
  readonly maxRedirects?: number
  readonly signal?: AbortSignal
  /** For the event of a refusal. */
  readonly requestId?: string
  readonly workspaceId?: string
}

/** A whole answer. */
export interface EgressResponse {
  readonly status: number
  /** Names in lower case; several values of one name joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Where the answer came from in the end. */
  readonly url: string
  readonly redirected: boolean
}

/** Makes requests that cannot reach inside. */
export interface Egress {
  /**
   * @throws EgressError with one of the `egress_…` codes; the signal's reason when the caller's signal ends it
   */
  fetch(url: string | URL, request?: EgressRequest): Promise<EgressResponse>
  /**
   * Asks without sending anything: would a request to this address be refused now? `fetch` asks again.
   * @throws EgressError `egress_blocked` or `egress_unresolvable`
   */
  check(url: string | URL): Promise<void>
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** Written by the connection itself; a caller's value could disagree with what is sent. */
const ownHeaders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'proxy-authorization',
  'te',
  'trailer',
])

const reported: ReadonlySet<EgressErrorCode> = new Set([
  'egress_blocked',
  'egress_too_large',
  'egress_too_many_redirects',
])

/**
 * Creates an egress.
 * @throws GuardError `bad_address_range`
 * @example
 * const egress = createEgress({ allow: readAllowList(process.env.LEVQOR_EGRESS_ALLOW), events })
 * const page = await egress.fetch('https://example.com/', { maxBytes: 2_000_000 })
 */
export function createEgress(options: EgressOptions = {}): Egress {
  const { resolve = systemResolve, events, userAgent = 'levqor' } = options
  const allow = compileAllowList(options.allow ?? [])
  return {
    fetch: fetchBounded,
    async check(target) {
      try {
        if (!URL.canParse(String(target)))
          throw egressError('egress_blocked', 'This is not a URL.', '', 'not-a-url')
        await checkTarget(new URL(target), allow, resolve)
      } catch (error) {
        report(error, {})
        throw error
      }
    },
  }

  async function fetchBounded(target: string | URL, request: EgressRequest = {}): Promise<EgressResponse> {
    const { timeoutMs = 10_000, signal } = request
    signal?.throwIfAborted()
    const host = URL.canParse(String(target)) ? new URL(target).hostname : ''
    const end = new AbortController()
    const stop = () => end.abort()
    const timer = setTimeout(stop, timeoutMs)
    signal?.addEventListener('abort', stop, { once: true })
    // Look-ups cannot be interrupted, so everything is raced against the end.
    const ended = new Promise<never>((_, reject) => {
      end.signal.addEventListener('abort', () => reject(new Error('ended')), { once: true })
    })
    const work = follow(target, host, request, end.signal)
    try {
      return await Promise.race([work, ended])
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      if (end.signal.aborted) {
        throw egressError('egress_timeout', `No complete answer within ${timeoutMs} ms.`, host, 'timeout')
      }
      report(error, request)
      throw error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      work.catch(() => {})
    }
  }

  async function follow(
    target: string | URL,
    host: string,
    request: EgressRequest,
    signal: AbortSignal,
  ): Promise<EgressResponse> {
    const { maxBytes = 1_048_576, maxRedirects = 5 } = request
    if (!URL.canParse(String(target)))
      throw egressError('egress_blocked', 'This is not a URL.', host, 'not-a-url')
    let url = new URL(target)
    let outgoing = prepare(request, host)
    for (let hops = 0; ; hops++) {
      const checked = await checkTarget(url, allow, resolve)
      const response = await sendOnce(checked, outgoing, signal)
      const status = response.statusCode ?? 0
      const next = redirectTarget(status, response.headers.location, url)
      if (next === undefined) {
        const body = await readBody(response, maxBytes, url.hostname)
        return { status, headers: flatten(response.headers), body, url: url.href, redirected: hops > 0 }
      }
      response.destroy()
      if (next === null)
        throw egressError('egress_failed', 'It redirects to no URL.', url.hostname, 'location')
      if (hops >= maxRedirects) {
        const message = `More than ${maxRedirects} redirects.`
        throw egressError('egress_too_many_redirects', message, url.hostname, 'redirects')
      }
      outgoing = redirected(outgoing, status, url, next)
      url = next
    }
  }

  function prepare(request: EgressRequest, host: string): OutgoingRequest {
    const method = (request.method ?? 'GET').toUpperCase()
    if (!methods.has(method))
      throw egressError('egress_blocked', 'This method is not allowed.', host, 'method')
    const headers: Record<string, string> = { 'user-agent': userAgent }
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      const lower = name.toLowerCase()
      if (!ownHeaders.has(lower)) headers[lower] = value
    }
    headers['accept-encoding'] = acceptEncoding
    return { method, headers, body: request.body }
  }

  /** What we refused or cut; not what ordinary servers and networks do every day. */
  function report(error: unknown, request: EgressRequest): void {
    if (!isEgressError(error) || !reported.has(error.code)) return
    const { requestId, workspaceId } = request
    events?.emit({ event: 'egress.blocked', requestId, workspaceId, details: error.details })
  }
}

/** The body is handed over decoded, so the headers that describe its encoded form are left out. */
function flatten(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const flat: Record<string, string> = {}
  const encoded = headers['content-encoding'] !== undefined
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    if (encoded && (name === 'content-encoding' || name === 'content-length')) continue
    flat[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return flat
}
