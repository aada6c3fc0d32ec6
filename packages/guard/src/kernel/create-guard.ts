// Puts policy, store, events and switches together. Everything that can be known at start is worked out here.
import { createClientAddressResolver } from '../address/resolve-client.ts'
import { createOriginJudge } from '../browser/check-origin.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Decision } from '../decision/decision.ts'
import { noSecurityEvents, type SecurityEvents } from '../events/event-pipeline.ts'
import { compileHeaders, type HeaderSet } from '../headers/header-policy.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import { createLimiter } from '../limits/limiter.ts'
import { ietfRateLimitFields, type RateLimitFields } from '../limits/rate-limit-fields.ts'
import { definePolicy } from '../policy/define-policy.ts'
import type { Policy } from '../policy/policy.ts'
import { allEnforced, type Switches } from '../switches/switches.ts'
import { compileDoor, compileLimits, type Door } from './compile-door.ts'
import type { Maybe } from './identity.ts'
import { createOpening } from './open-passage.ts'
import { createPassing, type Identify } from './pass-door.ts'
import type { Exchange, OpenPassage, Passage } from './passage.ts'
import { createRefuse, required } from './refuse.ts'
import { watchSwitches } from './watched-switches.ts'

/** Settings of {@link createGuard}. */
export interface GuardOptions {
  readonly policy: Policy
  readonly store: LimitStore
  readonly events?: SecurityEvents
  readonly clock?: Clock
  readonly switches?: Switches
  readonly rateLimitFields?: RateLimitFields
  /** Longest wait for the limit store (default 50 ms). */
  readonly storePatienceMs?: number
}

/** The security kernel of one application. Adapters call it; applications rarely do. */
export interface Guard {
  readonly policy: Policy
  readonly events: SecurityEvents
  readonly rateLimitFields: RateLimitFields
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
  /** Refuses a request at a route that names no door of the policy. */
  refuseUnknown(passage: OpenPassage): Decision
  /** Security headers of the answer. Empty when switched off. */
  headersFor(passage: Passage): HeaderSet
  /** Content-Security-Policy of a page for a nonce. Also to be handed to a page renderer in the request. */
  pageCsp(nonce: string, https: boolean): string
}

/**
 * Creates the guard.
 * @throws GuardError `bad_policy` with every problem of the policy
 * @example
 * const guard = createGuard({ policy, store: createMemoryLimitStore({ clock: systemClock }) })
 */
export function createGuard(options: GuardOptions): Guard {
  const { store, clock = systemClock, events = noSecurityEvents } = options
  const policy = definePolicy(options.policy)
  const fields = options.rateLimitFields ?? ietfRateLimitFields
  const switches = watchSwitches(options.switches ?? allEnforced, events)
  const headers = compileHeaders(policy.headers)
  const doors = new Map(
    Object.entries(policy.doors).map(([name, rule]) => [name, compileDoor(name, rule, fields)]),
  )
  const patience = options.storePatienceMs === undefined ? {} : { patienceMs: options.storePatienceMs }
  const parts = {
    policy,
    events,
    switches,
    resolveClient: createClientAddressResolver(policy.clientAddress),
    judgeOrigin: createOriginJudge(policy.browser),
    refuse: createRefuse(events),
    limiter: createLimiter({ store, clock, events, ...patience }),
    guesses: compileLimits('', [policy.credentialGuesses], undefined, fields),
  }
  const open = createOpening(parts)
  const pass = createPassing(parts)
  const find = (name: string): Door => {
    const door = doors.get(name)
    if (door === undefined) throw new Error(`The policy has no door "${name}"`)
    return door
  }
  return {
    policy,
    events,
    rateLimitFields: fields,
    door: (name) => doors.get(name),
    unmatched: find(policy.unmatched),
    open,
    pass,
    admit: (door, exchange) => pass(open(find(door), exchange), strangerOnly, undefined),
    refuseUnknown: (passage) => required(parts.refuse(passage, 'enforce', 'door_unknown', 'door.unknown')),
    headersFor: (passage) =>
      switches.mode('headers') === 'enforce'
        ? headers.answer(passage.door.serves, passage.https, passage.nonce)
        : noHeaders,
    pageCsp: headers.pageCsp,
  }
}

const noHeaders: HeaderSet = {}
const strangerOnly = () => ({ outcome: 'missing' }) as const
