// One visit to a running server: where the doctor stands, what it asks for, and what it has seen. The doctor comes from
// this machine, so to a server behind a TLS proxy it stands where that proxy stands, and speaks like it.
import { randomUUID } from 'node:crypto'
import { compileRanges } from '../../address/cidr.ts'
import { parseIp } from '../../address/ip.ts'
import type { Guard } from '../../kernel/create-guard.ts'
import type { Policy } from '../../policy/policy.ts'
import { type CheckText, type DoctorCode, type Judgement, type Sign, sign } from '../check.ts'
import { routesOf } from '../doors-in-use.ts'
import { isThisMachine } from '../this-machine.ts'
import { isProbeError, type ProbeAnswer, type ProbeClient, type ProbeRequest } from './probe-client.ts'

/** One page or endpoint that was asked for. */
export interface Seen {
  readonly path: string
  readonly answer: ProbeAnswer
}

/** What probes work with. */
export interface Visit {
  readonly client: ProbeClient
  readonly production: boolean
  /** The server refused plain HTTP, and takes our word that the client came by HTTPS. */
  readonly behindProxy: boolean
  /** Whether the server has an address for us that we chose ourselves, as its proxy would. */
  readonly standing: 'proxy' | 'stranger'
  /** Answers to a stranger's GET, one per path. */
  readonly seen: readonly Seen[]
  readonly paths: VisitPaths
  readonly credential: Credential | undefined
  /**
   * Sends as a client whose requests came the right way; from the proxy's place, as a new client each time. Waits when
   * a limit says for how long.
   */
  ask(request: ProbeRequest): Promise<ProbeAnswer | undefined>
  /** The same, always as one client and without waiting: a refusal is an answer. */
  askAsOne(request: ProbeRequest): Promise<ProbeAnswer | undefined>
  /** Questions that a limit refused, and went on refusing for as long as we may wait. */
  readonly limited: number
  /** The longest wait that a limit asked for and did not get. */
  readonly retryAfterMs: number
  /** Every Set-Cookie of this visit. */
  readonly cookies: ReadonlySet<string>
}

/** What may be asked for. */
export interface VisitPaths {
  /** Leads nowhere. */
  readonly unknown: string
  readonly get: readonly string[]
  readonly post: readonly string[]
  /** Answered over plain HTTP on purpose: for machines that look whether the server is alive. */
  mayBePlain(path: string): boolean
  /** Where WebSockets may be opened. */
  readonly sockets: readonly string[]
}

/** Somebody’s way in, for what only they are answered. Never printed. */
export interface Credential {
  readonly header: 'authorization' | 'cookie'
  readonly value: string
}

/** A row that asks a running server. */
export interface ProbeCheck extends CheckText {
  /** It means to be refused by a limit; to any other row such a refusal is no answer. */
  readonly meetsLimits?: true
  readonly run: (visit: Visit) => Promise<Judgement>
}

/** Rows by code. */
export type ProbeChecks = Readonly<Record<DoctorCode, ProbeCheck>>

/** Settings of {@link openVisit}. */
export interface VisitOptions {
  readonly client: ProbeClient
  readonly production: boolean
  readonly policy: Policy | undefined
  readonly guard: Guard | undefined
  /** Paths to ask for beside those of the guard's routes. */
  readonly paths: readonly string[]
  readonly credential: Credential | undefined
}

/** Documentation addresses (RFC 5737): nobody's. */
export const ownAddress = '192.0.2.7'
const passingAddress = (i: number): string => `198.51.100.${1 + (i % 250)}`
export const forgedAddress = (i: number): string => `203.0.113.${1 + (i % 250)}`

const mostPaths = 12

/** Looks around: is anybody there, is plain HTTP refused, what does each path answer to a stranger? */
export async function openVisit(options: VisitOptions): Promise<Visit> {
  const { client, production, policy, credential } = options
  const paths = choosePaths(options)
  const plainUrl = client.origin.protocol === 'http:'
  const cookies = new Set<string>()
  const firstPlain = plainUrl ? await client.send({ path: paths.unknown }) : undefined
  const behindProxy = firstPlain !== undefined && refusesPlainHttp(firstPlain)
  const here = isThisMachine(client.origin.href)
  const trustsUs = policy === undefined || trustsThisMachine(policy)
  const standing = behindProxy || (here && trustsUs) ? 'proxy' : 'stranger'
  let limited = 0
  let retryAfterMs = 0
  let asked = 0
  const askFrom = async (address: string, request: ProbeRequest, patient: boolean) => {
    const protocol = behindProxy ? ';proto=https' : ''
    const hop = { 'x-forwarded-for': address, forwarded: `for=${address}${protocol}` }
    const headers = {
      ...(standing === 'proxy' ? hop : {}),
      ...(behindProxy ? { 'x-forwarded-proto': 'https' } : {}),
      ...request.headers,
    }
    let answer = await client.send({ ...request, headers })
    while (patient && answer?.status === 429) {
      const waitMs = retryAfterOf(answer)
      if (waitMs === undefined || !(await client.rest(waitMs))) {
        limited++
        retryAfterMs = Math.max(retryAfterMs, waitMs ?? 0)
        break
      }
      answer = await client.send({ ...request, headers })
    }
    for (const cookie of answer?.cookies ?? []) cookies.add(cookie)
    return answer
  }
  const ask = (request: ProbeRequest) => askFrom(passingAddress(asked++), request, true)
  const seen = await lookAround([...paths.get, paths.unknown], ask)
  if (seen.length === 0) {
    throw Object.assign(new Error(`Nothing answers at ${client.origin.origin}.`), {
      code: 'probe_unanswered' as const,
    })
  }
  return {
    client,
    production,
    behindProxy,
    standing,
    seen,
    paths,
    credential,
    ask,
    askAsOne: (request) => askFrom(ownAddress, request, false),
    get limited() {
      return limited
    },
    get retryAfterMs() {
      return retryAfterMs
    },
    cookies,
  }
}

async function lookAround(paths: readonly string[], ask: Visit['ask']): Promise<Seen[]> {
  const seen: Seen[] = []
  for (const path of paths) {
    try {
      const answer = await ask({ path })
      if (answer !== undefined) seen.push({ path, answer })
    } catch (error) {
      // The bounds are met: the probes will say so, each for itself.
      if (!isProbeError(error)) throw error
    }
  }
  return seen
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function retryAfterOf({ headers }: ProbeAnswer): number | undefined {
  const given = headers['retry-after']
  if (given === undefined) return undefined
  const ms = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now()
  return Number.isFinite(ms) ? Math.max(ms, 100) : undefined
}

/** Whether an answer sends plain HTTP away: refused, told to upgrade, or sent on to https://. */
export function refusesPlainHttp({ status, headers, body }: ProbeAnswer): boolean {
  if (status === 426) return true
  if (status >= 300 && status < 400) return headers.location?.startsWith('https://') === true
  return status === 403 && /https/i.test(body)
}

/** One sign for all places that show the same. */
export function together(places: readonly string[], detail: string): Sign[] {
  if (places.length === 0) return []
  const shown = places.slice(0, 3).join(', ')
  return [sign(places.length > 3 ? `${shown} and ${places.length - 3} more` : shown, detail)]
}

function trustsThisMachine({ clientAddress }: Policy): boolean {
  const here = [parseIp('127.0.0.1'), parseIp('::1')]
  const trusted = compileRanges(clientAddress.trustedProxies)
  return here.some((ip) => ip !== undefined && trusted.has(ip))
}

function choosePaths({ guard, policy, paths }: VisitOptions): VisitPaths {
  const routes = routesOf(policy, guard)
  const filled = (method: string) =>
    routes.filter((route) => route.method === method).map(({ pattern }) => fill(pattern))
  const own = paths.length > 0 || routes.length > 0 ? paths : ['/']
  return {
    unknown: `/guard-doctor-${randomUUID().slice(0, 8)}`,
    get: [...new Set([...own, ...filled('GET')])].slice(0, mostPaths),
    post: [...new Set([...filled('POST'), ...own])].slice(0, 3),
    mayBePlain: (path) => {
      const door = guard?.explain('GET', path)
      return door === undefined
        ? /^\/(api\/)?(health|live|ready|status|ping)/.test(path)
        : door.transport === 'any' && door.authentication === 'none'
    },
    sockets: ['/socket.io/?EIO=4&transport=websocket', '/ws', '/socket', '/'],
  }
}

/** `/notes/:id/*` → `/notes/guard-doctor/guard-doctor`. */
function fill(pattern: string): string {
  return pattern
    .split('/')
    .map((segment) => (/[:*]/.test(segment) ? 'guard-doctor' : segment))
    .join('/')
}
