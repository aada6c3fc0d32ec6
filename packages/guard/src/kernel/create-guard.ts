// Puts policy, store, events and switches together. Everything that can be known at start is worked out here.
import { createClientAddressResolver } from '../address/resolve-client.ts'
import { createOriginJudge, type OriginJudge } from '../browser/check-origin.ts'
import { readSiteOrigins } from '../browser/site-origins.ts'
import type { Challenge } from '../challenge/challenge.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Decision } from '../decision/decision.ts'
import type { DecisionReason } from '../decision/reasons.ts'
import { guardError } from '../errors.ts'
import { noSecurityEvents, type SecurityEvents } from '../events/event-pipeline.ts'
import { compileHeaders, type HeaderSet } from '../headers/header-policy.ts'
import { createCspReporting, type ReportCsp } from '../headers/report-csp.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import { createLimiter, type Limiter } from '../limits/limiter.ts'
import { ietfRateLimitFields, type RateLimitFields } from '../limits/rate-limit-fields.ts'
import type { Attempt, Lockout } from '../lockout/attempt.ts'
import { createPenaltyBox } from '../penalty/penalty-box.ts'
import { createStrikes, type Penalties } from '../penalty/strikes.ts'
import { definePolicy } from '../policy/define-policy.ts'
import type { Policy } from '../policy/policy.ts'
import { allEnforced, type Protection, type ProtectionMode, type Switches } from '../switches/switches.ts'
import { createCheckPenalty } from './check-penalty.ts'
import { checkStore } from './check-store.ts'
import { compileDoor, type Door } from './compile-door.ts'
import { createExplain, type Explain } from './explain.ts'
import { requireGuardOptions } from './guard-options-shape.ts'
import { createGuessBook } from './guess-book.ts'
import { createIdentifyFailure } from './identify-failure.ts'
import type { Maybe } from './identity.ts'
import { createOpening } from './open-passage.ts'
import { createPassing, type Identify, type PassingParts } from './pass-door.ts'
import type { Exchange, OpenPassage, Passage } from './passage.ts'
import { createRefuse, required } from './refuse.ts'
import { createRouteTable, type RouteTable } from './route-table.ts'
import { modesOf, watchSwitches } from './watched-switches.ts'

/** Settings of {@link createGuard}. */
export interface GuardOptions {
  readonly policy: Policy
  readonly store: LimitStore
  readonly events?: SecurityEvents
  readonly clock?: Clock
  readonly switches?: Switches
  readonly rateLimitFields?: RateLimitFields
  /** Around every secret; see {@link Guard.attempt}. */
  readonly lockout?: Lockout
  /** The human check that the policy's penalties may demand; see the subpath `challenge`. */
  readonly challenge?: Challenge
  /** Longest wait for the limit store (default 50 ms). */
  readonly storePatienceMs?: number
}

/** The security kernel of one application. Adapters call it; applications rarely do. */
export interface Guard {
  readonly policy: Policy
  readonly events: SecurityEvents
  readonly rateLimitFields: RateLimitFields
  /** For protections that count or judge outside a door's request, such as socket events. */
  readonly limiter: Limiter
  /** As given, but every change is told. For protections that live outside the kernel. */
  readonly switches: Switches
  /** The mode of every protection right now. */
  protections(): Readonly<Record<Protection, ProtectionMode>>
  readonly clock: Clock
  /** Whose page started a request; for protections that judge outside a door's request, such as socket handshakes. */
  readonly judgeOrigin: OriginJudge
  /** Loopback origins that the policy lists, but that have no effect because HTTPS is required. */
  readonly droppedOrigins: readonly string[]
  /** The penalty box of this process. */
  readonly penalties: Penalties
  /**
   * Counts a refusal that was decided outside a door's request (a webhook, a socket event) against an address. Reasons
   * that say nothing bad about it are ignored. Returns at once, never throws.
   */
  strike(clientIp: string, reason: DecisionReason): void
  /** The compiled door of that name. */
  door(name: string): Door | undefined
  /** The door for requests that match no route. */
  readonly unmatched: Door
  /** First half: address, transport, origin. Never waits. A refused passage has its decision. */
  open(door: Door, exchange: Exchange): OpenPassage
  /** Second half: strangers' limits, identification, actor's limits. Returns at once when its parts do. */
  pass<C>(passage: OpenPassage, identify: Identify<C>, context: C): Maybe<Decision>
  /** Both halves for doors that ask nobody who they are. */
  admit(door: string, exchange: Exchange): Maybe<Decision>
  /**
   * Wraps the check of a secret in the lockout.
   * @throws GuardError `lockout_missing` when the guard was created without one
   */
  readonly attempt: Attempt
  /** Which door stands at which route: from `policy.routes`, and from adapters that know their framework's routes. */
  readonly routes: RouteTable
  /** What a request would meet: door, access, limits, answers. For `guard explain`; charges nobody. */
  readonly explain: Explain
  /** Refuses a request at a route that names no door of the policy. */
  refuseUnknown(passage: OpenPassage): Decision
  /**
   * Security headers of the answer, and what CORS adds to them. Observed, only what has a report-only form is sent;
   * switched off, nothing but CORS.
   */
  headersFor(passage: Passage): HeaderSet
  /** Content-Security-Policy of a page for a nonce. Also to be handed to a page renderer in the request. */
  pageCsp(nonce: string, https: boolean): string
  /** Takes what a browser posts to the endpoint of `pageCsp.reportTo`; each violation is an event. Never throws. */
  readonly reportCsp: ReportCsp
  /**
   * For start-up: resolves when the limit store answers.
   * @throws GuardError `store_unreachable`
   */
  ready(timeoutMs?: number): Promise<void>
}

/**
 * Creates the guard.
 * @throws GuardError `bad_policy` with every problem of the policy; `bad_options` for everything else it is given
 * @example
 * const guard = createGuard({ policy, store: createMemoryLimitStore({ clock: systemClock }) })
 */
export function createGuard(options: GuardOptions): Guard {
  requireGuardOptions(options)
  const { store, clock = systemClock, events = noSecurityEvents, challenge } = options
  const policy = definePolicy(options.policy)
  const fields = options.rateLimitFields ?? ietfRateLimitFields
  const switches = watchSwitches(options.switches ?? allEnforced, events)
  const headers = compileHeaders(policy.headers)
  const doors = new Map(
    Object.entries(policy.doors).map(([name, rule]) => [name, compileDoor(name, rule, fields)]),
  )
  const patience = options.storePatienceMs === undefined ? {} : { patienceMs: options.storePatienceMs }
  const limiter = createLimiter({ store, clock, events, ...patience })
  const { own, cors, dropped } = readSiteOrigins(policy)
  for (const origin of dropped) events.emit({ event: 'origin.dropped', details: { origin } })
  const resolveClient = createClientAddressResolver(policy.clientAddress)
  const box =
    policy.penalties === undefined
      ? undefined
      : createPenaltyBox({ policy: policy.penalties, limiter, clock, events, challenge })
  const strikes = createStrikes(box, switches, resolveClient)
  const guesses = createGuessBook(policy.credentialGuesses, limiter)
  const parts: PassingParts = {
    policy,
    events,
    switches,
    resolveClient,
    judgeOrigin: createOriginJudge({ ...policy.browser, origins: own }),
    cors,
    refuse: createRefuse(events, strikes.refused),
    limiter,
    guesses,
    failure: createIdentifyFailure(events, clock),
    checkPenalty: createCheckPenalty(box, switches),
  }
  const open = createOpening(parts)
  const pass = createPassing(parts)
  const find = (name: string): Door => {
    const door = doors.get(name)
    if (door === undefined) throw new Error(`The policy has no door "${name}"`)
    return door
  }
  const unmatched = find(policy.unmatched)
  const routes = createRouteTable(doors, unmatched)
  for (const [route, door] of Object.entries(policy.routes ?? {})) {
    const [method = '', path = ''] = route.split(' ')
    routes.add(method, path, door)
  }
  const baseHeaders = ({ door, https, nonce }: Passage): HeaderSet => {
    const mode = switches.mode('headers')
    if (mode === 'off') return noHeaders
    return mode === 'enforce'
      ? headers.answer(door.serves, https, nonce)
      : headers.reportOnly(door.serves, https, nonce)
  }
  return {
    policy,
    events,
    rateLimitFields: fields,
    limiter,
    switches,
    protections: () => modesOf(switches),
    clock,
    door: (name) => doors.get(name),
    unmatched,
    routes,
    judgeOrigin: parts.judgeOrigin,
    droppedOrigins: dropped,
    penalties: strikes.penalties,
    strike: strikes.strike,
    explain: createExplain(parts, routes),
    open,
    pass,
    admit: (door, exchange) => pass(open(find(door), exchange), strangerOnly, undefined),
    attempt: strikes.around(options.lockout?.attempt ?? refuseWithoutLockout),
    refuseUnknown: (passage) => required(parts.refuse(passage, 'enforce', 'door_unknown', 'door.unknown')),
    headersFor: (passage) => {
      const base = baseHeaders(passage)
      return passage.cors === undefined ? base : passage.cors.headers(base)
    },
    pageCsp: headers.pageCsp,
    reportCsp: createCspReporting(events, routes),
    ready: (timeoutMs = 5000) => checkStore(store, timeoutMs),
  }
}

const refuseWithoutLockout: Attempt = async () => {
  throw guardError('lockout_missing', 'Give createGuard a lockout before wrapping a secret in guard.attempt.')
}
const noHeaders: HeaderSet = {}
const strangerOnly = () => ({ outcome: 'missing' }) as const
