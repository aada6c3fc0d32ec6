// The doctor's own client: plain node:http, so that it can send what a browser would not; bounded in requests, time and
// bytes, and only to this machine or to hosts named on purpose, so that it is no tool against others.
import {
  Agent as HttpAgent,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { setTimeout as after } from 'node:timers/promises'
import { isThisMachine } from '../this-machine.ts'

/** One request. */
export interface ProbeRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Sends so many bytes of rubbish and stops as soon as there is an answer. */
  readonly bodyBytes?: number
}

/** One answer. Names in lower case. */
export interface ProbeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: readonly string[]
  /** At most 64 KiB. */
  readonly body: string
  /** Whether the whole request had been taken when the answer came. */
  readonly tookAll: boolean
}

/** Sends within its bounds. */
export interface ProbeClient {
  readonly origin: URL
  /** `undefined` when the server hung up or did not answer in time. @throws ProbeError when a bound is reached */
  send(request: ProbeRequest): Promise<ProbeAnswer | undefined>
  /**
   * Waits until the server's limits take questions again; what is waited does not count as time of the probes. False,
   * at once, when that would be longer than all waits together may take.
   */
  rest(ms: number): Promise<boolean>
  /** Requests left. */
  readonly left: number
  /** Closes the connections that stand open. */
  close(): void
}

/** Settings of {@link createProbeClient}. */
export interface ProbeClientOptions {
  readonly url: string
  /** Host names that may be probed beside this machine. */
  readonly allowHosts?: readonly string[]
  /** Default 500. */
  readonly maxRequests?: number
  /** For everything together (default 60 s), without the waits. */
  readonly timeoutMs?: number
  /** How long to wait, all together, when limits refuse with Retry-After (default 0: not at all). */
  readonly maxWaitMs?: number
  /** Told before each wait: how long it is, and how much has been waited. */
  readonly onWait?: (ms: number, waitedMs: number) => void
}

/** Why nothing was sent, or nothing more. */
export type ProbeError = Error & { readonly code: 'probe_refused' | 'probe_exhausted' | 'probe_unanswered' }

const longestAnswerMs = 5_000
const mostBodyBytes = 65_536
const chunk = Buffer.alloc(65_536, 'x')

/**
 * Creates the client.
 * @throws ProbeError `probe_refused` for a URL that is none, or leads to a host that was not allowed
 */
export function createProbeClient(options: ProbeClientOptions): ProbeClient {
  const { maxRequests = 500, timeoutMs = 60_000, allowHosts = [], maxWaitMs = 0, onWait } = options
  const origin = URL.canParse(options.url) ? new URL(options.url) : undefined
  if (origin === undefined || !/^https?:$/.test(origin.protocol)) {
    throw probeError('probe_refused', `${JSON.stringify(options.url)} is no http:// or https:// address.`)
  }
  const here = isThisMachine(origin.href)
  if (!here && !allowHosts.includes(origin.hostname)) {
    const fix = `Name the host on purpose if the server is yours: --allow-host ${origin.hostname}`
    throw probeError('probe_refused', `${origin.hostname} is not this machine. ${fix}`)
  }
  let endsAt = performance.now() + timeoutMs
  let waitedMs = 0
  let left = maxRequests
  const agent = new (origin.protocol === 'https:' ? HttpsAgent : HttpAgent)({
    keepAlive: true,
    maxSockets: 10,
  })
  return {
    origin,
    get left() {
      return left
    },
    send(probe) {
      const remainingMs = endsAt - performance.now()
      if (left <= 0 || remainingMs <= 0) {
        const bound = left <= 0 ? `${maxRequests} requests` : `${timeoutMs} ms`
        return Promise.reject(probeError('probe_exhausted', `The probes end here: ${bound} are used up.`))
      }
      left--
      return exchange({ origin, here, agent, patienceMs: Math.min(longestAnswerMs, remainingMs) }, probe)
    },
    async rest(ms) {
      if (waitedMs + ms > maxWaitMs) return false
      onWait?.(ms, waitedMs)
      waitedMs += ms
      endsAt += ms
      await after(ms)
      return true
    },
    close: () => agent.destroy(),
  }
}

/** Whether an error is this module's own. */
export function isProbeError(error: unknown): error is ProbeError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('probe_')
}

interface Route {
  readonly origin: URL
  readonly here: boolean
  readonly agent: HttpAgent
  readonly patienceMs: number
}

function exchange(
  { origin, here, agent, patienceMs }: Route,
  { method = 'GET', path, headers = {}, body, bodyBytes = 0 }: ProbeRequest,
): Promise<ProbeAnswer | undefined> {
  const send = origin.protocol === 'https:' ? requestHttps : requestHttp
  const options: RequestOptions & { readonly rejectUnauthorized: boolean } = {
    hostname: origin.hostname.replace(/^\[|\]$/g, ''),
    port: origin.port,
    method,
    path,
    headers: {
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...(bodyBytes === 0 ? {} : { 'content-length': String(bodyBytes) }),
      ...headers,
    },
    // A large body that is refused, or an upgrade, spoils its connection for the next request.
    agent: bodyBytes > 0 || headers.upgrade !== undefined ? false : agent,
    signal: AbortSignal.timeout(Math.ceil(patienceMs)),
    // A certificate that this machine made for itself; elsewhere certificates are checked.
    rejectUnauthorized: !here,
  }
  return new Promise((resolve) => {
    let sent = bodyBytes === 0
    const request = send(options)
    request.on('error', () => resolve(undefined))
    request.on('response', (response) => {
      void read(response).then((text) => {
        const tookAll = sent
        if (!tookAll) request.destroy()
        resolve({ ...headOf(response), body: text, tookAll })
      })
    })
    // A socket that is handed over has been accepted.
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ ...headOf(response), body: '', tookAll: true })
    })
    if (bodyBytes === 0) request.end(body)
    else pour(request, bodyBytes, () => (sent = true))
  })

  function pour(request: NodeJS.WritableStream, bytes: number, done: () => void): void {
    let remaining = bytes
    const more = () => {
      while (remaining > 0) {
        const piece = remaining < chunk.length ? chunk.subarray(0, remaining) : chunk
        remaining -= piece.length
        if (!request.write(piece)) return void request.once('drain', more)
      }
      request.end(done)
    }
    more()
  }
}

function headOf(response: IncomingMessage): Pick<ProbeAnswer, 'status' | 'headers' | 'cookies'> {
  const cookies = response.headers['set-cookie'] ?? []
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
  return { status: response.statusCode ?? 0, headers, cookies }
}

async function read(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of response) {
      pieces.push(Buffer.from(piece))
      length += pieces.at(-1)?.length ?? 0
      // Breaking off destroys the connection.
      if (length >= mostBodyBytes) break
    }
  } catch {
    // Cut short, by the server or by time: what came counts.
  }
  return Buffer.concat(pieces).subarray(0, mostBodyBytes).toString('latin1')
}

function probeError(code: ProbeError['code'], message: string): ProbeError {
  return Object.assign(new Error(message), { code })
}
