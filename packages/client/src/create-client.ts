// The typed client: one call per contract, errors as LevqorError, live events as an async iterator.
import type { z } from 'zod'
import { errorFrom, unreachable } from './client-error.ts'
import { type BearerTokens, refreshSession } from './contracts/auth.ts'
import type { Contract } from './contracts/contract.ts'
import { followJob, type JobEvent, jobEvent } from './contracts/jobs.ts'
import { readEvents } from './read-events.ts'

/** What a program holds of a person's session. */
export interface ClientSession {
  readonly accessToken: string
  readonly refreshToken: string
  /**
   * Keep these instead: the ones before are used up, and showing them again ends the session. Awaited before the request
   * goes on that met the expired token.
   */
  onRefreshed?(tokens: SessionTokens): void | Promise<void>
}

export interface SessionTokens {
  readonly accessToken: string
  readonly refreshToken: string
}

export interface ClientOptions {
  /** Origin of the server, for example `http://127.0.0.1:3000`. Empty in a page of the same origin. */
  readonly baseUrl: string
  /** Sent as a bearer token. In a browser leave it out: the session cookie speaks. */
  readonly apiKey?: string
  /** A person's session, of a sign-in with `transport: 'bearer'`. The client renews it and says so. */
  readonly session?: ClientSession
  readonly fetch?: typeof fetch
}

type InputOf<C extends Contract, K extends 'params' | 'query' | 'headers' | 'body'> = C[K] extends z.ZodType
  ? undefined extends z.input<C[K]>
    ? { readonly [P in K]?: z.input<C[K]> }
    : Record<never, never> extends z.input<C[K]>
      ? { readonly [P in K]?: z.input<C[K]> }
      : { readonly [P in K]: z.input<C[K]> }
  : Record<never, never>

/** What a call of the contract takes. */
export type CallInput<C extends Contract> = InputOf<C, 'params'> &
  InputOf<C, 'query'> &
  InputOf<C, 'headers'> &
  InputOf<C, 'body'> & { readonly signal?: AbortSignal }

/** What a call of the contract returns. */
export type CallAnswer<C extends Contract> = C['answer'] extends z.ZodType ? z.output<C['answer']> : undefined

export interface Client {
  /** @throws LevqorError with the server's code, or `unreachable` */
  call<C extends Contract>(contract: C, input: CallInput<C>): Promise<CallAnswer<C>>
  /** Yields until the job has finished; reconnects from the last event when the connection breaks. */
  followJob(id: string, options?: { readonly signal?: AbortSignal }): AsyncGenerator<JobEvent>
}

interface Loose {
  readonly params?: Record<string, string>
  readonly query?: Record<string, unknown>
  readonly headers?: Record<string, string | undefined>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

const finalStates: ReadonlySet<string> = new Set(['succeeded', 'dead', 'cancelled'])
const reconnectMs = [250, 1_000, 3_000]
const steadyMs = 30_000

/** Makes a client. Nothing is sent until a call is made. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch
  let tokens: SessionTokens | undefined = options.session
  let renewing: Promise<void> | undefined

  async function request(
    contract: Contract,
    input: Loose,
    extra: Record<string, string> = {},
  ): Promise<Response> {
    const shown = tokens?.accessToken
    const response = await ask(contract, input, extra, options.apiKey ?? shown)
    if (response.ok) return response
    const error = await errorFrom(response)
    if (shown === undefined || options.apiKey || error.code !== 'credential_invalid') throw error
    // Whoever was refused with a token that is no longer the newest has nothing to renew.
    if (shown === tokens?.accessToken) await renew()
    const again = await ask(contract, input, extra, tokens?.accessToken)
    if (again.ok) return again
    throw await errorFrom(again)
  }

  /** Of all who meet an expired token at once, one renews it. */
  function renew(): Promise<void> {
    renewing ??= askForTokens().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  async function askForTokens(): Promise<void> {
    const body = { refresh_token: tokens?.refreshToken }
    // Once more when the answer was lost on its way: for a moment the server gives the very same tokens again, and later
    // the ones that are held here are those of a thief.
    const response = await ask(refreshSession, { body }, {}, undefined).catch(() =>
      ask(refreshSession, { body }, {}, undefined),
    )
    if (!response.ok) throw await errorFrom(response)
    // A token in the body is answered with tokens.
    const answer = (await jsonOf(response)) as BearerTokens
    const next = { accessToken: answer.access_token, refreshToken: answer.refresh_token }
    // At once: should keeping them fail, going on with the old ones would look like theft.
    tokens = next
    await options.session?.onRefreshed?.(next)
  }

  async function ask(
    contract: Contract,
    input: Loose,
    extra: Record<string, string>,
    credential: string | undefined,
  ): Promise<Response> {
    const url = options.baseUrl + addressOf(contract, input)
    const headers: Record<string, string> = { accept: contract.produces ?? 'application/json', ...extra }
    for (const [name, value] of Object.entries(input.headers ?? {}))
      if (value !== undefined) headers[name] = value
    if (credential) headers.authorization = `Bearer ${credential}`
    if (contract.body) headers['content-type'] = 'application/json'
    try {
      return await send(url, {
        method: contract.method,
        headers,
        credentials: 'same-origin',
        ...(contract.body ? { body: JSON.stringify(input.body ?? {}) } : {}),
        ...(input.signal ? { signal: input.signal } : {}),
      })
    } catch (error) {
      if (input.signal?.aborted) throw error
      throw unreachable(options.baseUrl || 'the server', error)
    }
  }

  return {
    async call<C extends Contract>(contract: C, input: CallInput<C>) {
      // CallInput narrows exactly these fields per contract; the request itself treats all contracts alike.
      const response = await request(contract, input as Loose)
      const answer = contract.answer ? await jsonOf(response) : undefined
      // The server checks its answers against this very contract in its tests; parsing again would only cost.
      return answer as CallAnswer<C>
    },
    async *followJob(id, { signal } = {}) {
      let last = ''
      let isOver = false
      for (let failures = 0; ; ) {
        const openedAt = Date.now()
        try {
          const response = await request(
            followJob,
            { params: { id }, ...(signal ? { signal } : {}) },
            last ? { 'last-event-id': last } : {},
          )
          for await (const event of readEvents(response.body ?? new ReadableStream())) {
            failures = 0
            last = event.id
            const parsed = jobEvent.parse(JSON.parse(event.data))
            isOver = finalStates.has(parsed.status)
            yield parsed
          }
          // Not at the first final event: a job that was brought back has older ends in its history.
          if (isOver) return
        } catch (error) {
          if (signal?.aborted || !isNetworkFailure(error)) throw error
        }
        // It stood for a while: not a server in trouble, but one that cuts streams when their credential expires.
        if (Date.now() - openedAt >= steadyMs) failures = 0
        const pause = reconnectMs[failures++]
        if (pause === undefined) throw unreachable(options.baseUrl || 'the server', undefined)
        await wait(pause, signal)
      }
    },
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  // Something else may listen at this address.
  return response
    .clone()
    .json()
    .catch(async () => Promise.reject(await errorFrom(response)))
}

function isNetworkFailure(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof Error && 'code' in error && error.code === 'unreachable')
  )
}

function addressOf(contract: Contract, input: Loose): string {
  const path = contract.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name] ?? '')),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size > 0 ? `${path}?${query}` : path
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
