// Ends sessions at one server and watches how long the other one still lets them in.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'

/** Two servers of one installation. */
export interface TwoServers {
  /** Where sessions are ended. */
  readonly here: string
  /** Where they are in use. */
  readonly there: string
}

/** How long each session was still let in, in milliseconds, sorted. */
export interface Delays {
  readonly http: readonly number[]
  readonly socket: readonly number[]
}

/** Sessions in use at one time. */
const inUse = 10
/** Pause between two requests of one session, which is the grain of the figures over HTTP. */
const pauseMs = 10

/** Signs in `count` sessions, ends one after the other, and waits until each is out everywhere. */
export async function endSessions(servers: TwoServers, count: number): Promise<Delays> {
  const run = randomUUID()
  const sessions = Array.from({ length: count }, (_, i) => `${run}_${i}`)
  const tokens = await post<string[]>(`${servers.here}/tokens`, sessions)
  const http: number[] = []
  const socket: number[] = []
  let next = 0
  const lane = async () => {
    while (next < count) {
      const i = next++
      const delays = await endSession(servers, sessions[i] ?? '', tokens[i] ?? '')
      http.push(delays.http)
      socket.push(delays.socket)
    }
  }
  await Promise.all(Array.from({ length: Math.min(inUse, count) }, lane))
  const sorted = (values: number[]) => values.sort((a, b) => a - b)
  return { http: sorted(http), socket: sorted(socket) }
}

async function endSession({ here, there }: TwoServers, session: string, token: string) {
  const client = await connected(there, token)
  try {
    const headers = { authorization: `Bearer ${token}` }
    // Known there, from memory: the harder case.
    if ((await statusOf(there, headers)) !== 200) throw new Error('A session that was not ended is refused.')
    const started = performance.now()
    const cut = new Promise<number>((resolve) => {
      client.once('disconnect', () => resolve(performance.now() - started))
    })
    const [, http, socket] = await Promise.all([
      post(`${here}/revoke`, { session }),
      refusedAfter(there, headers, started),
      cut,
    ])
    return { http, socket }
  } finally {
    client.disconnect()
  }
}

async function refusedAfter(
  origin: string,
  headers: Record<string, string>,
  started: number,
): Promise<number> {
  for (;;) {
    const status = await statusOf(origin, headers)
    if (status === 401) return performance.now() - started
    if (status !== 200) throw new Error(`Answer ${status} instead of 200 or 401.`)
    await delay(pauseMs)
  }
}

async function statusOf(origin: string, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(`${origin}/me`, { headers })
  await answer.arrayBuffer()
  return answer.status
}

function connected(origin: string, token: string): Promise<Socket> {
  const client = io(origin, {
    transports: ['websocket'],
    auth: { token },
    forceNew: true,
    reconnection: false,
  })
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve(client))
    client.once('connect_error', reject)
  })
}

async function post<T>(address: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`Answer ${answer.status} of ${address}: ${await answer.text()}`)
  // Both servers are this benchmark's own.
  return (await answer.json()) as T
}
