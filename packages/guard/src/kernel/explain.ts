// What a request would meet, without charging anybody: the answers come from the kernel itself, run on the side with
// limits that always pass and events that go nowhere, so the explanation cannot differ from what happens.
import type { Decision } from '../decision/decision.ts'
import { decisionReasons } from '../decision/reasons.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import type { Serves } from '../headers/header-policy.ts'
import { compileLimit, type LimitKeyPart, type LimitRule } from '../limits/limit.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { DoorAuthentication, StoreFailureMode } from '../policy/policy.ts'
import type { Protection, ProtectionMode } from '../switches/switches.ts'
import { type Door, plansOf } from './compile-door.ts'
import { createGuessBook } from './guess-book.ts'
import type { CredentialKind, IdentifyResult } from './identity.ts'
import { createOpening } from './open-passage.ts'
import { createPassing, nothingCharged, type PassingParts } from './pass-door.ts'
import type { Exchange } from './passage.ts'
import { createRefuse } from './refuse.ts'
import type { RouteTable } from './route-table.ts'
import { modesOf } from './watched-switches.ts'

/** A limit in numbers. */
export interface ExplainedLimit {
  readonly name: string
  readonly by: readonly LimitKeyPart[]
  readonly quota: number
  readonly windowMs: number
  readonly burst: number
  readonly cost: number
}

/** What somebody would be answered. `200` stands for whatever the handler answers. */
export interface ExplainedAnswer {
  readonly status: number
  /** A {@link DecisionReason}. */
  readonly code: string
  readonly location?: string
}

/** Plain data: what stands between a request and its handler. */
export interface Explanation {
  readonly method: string
  readonly path: string
  /** The route that matches, such as `GET /notes/:id`; without one the `unmatched` door. */
  readonly route?: string
  readonly door: string
  readonly serves: Serves
  readonly authentication: DoorAuthentication
  /** Kinds of credentials that open the door. */
  readonly credentials: readonly CredentialKind[]
  readonly scopes: readonly string[]
  readonly limits: {
    /** Why there are none. */
    readonly unlimited?: string
    readonly strangers: readonly ExplainedLimit[]
    /** By plan; `default` for everybody else. */
    readonly actors: Readonly<Record<string, readonly ExplainedLimit[]>>
  }
  readonly crossSite: 'refuse' | 'accept'
  readonly transport: 'require-https' | 'any'
  /** Origins whose pages may read the answer. */
  readonly cors: readonly string[]
  readonly onStoreFailure: StoreFailureMode
  /** Protections that are not enforced right now. */
  readonly lowered: Readonly<Partial<Record<Protection, ProtectionMode>>>
  readonly answers: {
    /** Over HTTPS, without any credential. */
    readonly stranger: ExplainedAnswer
    /** The same over plain HTTP. */
    readonly plainHttp: ExplainedAnswer
    /** A request that another site's page started in a signed-in browser. */
    readonly crossSite: ExplainedAnswer
    /** The given exchange, as a stranger's. */
    readonly given?: ExplainedAnswer
  }
}

/** Explains a request. Never throws; nothing is charged, counted or reported. */
export type Explain = (method: string, path: string, exchange?: Partial<Exchange>) => Explanation

const missing: IdentifyResult = { outcome: 'missing' }
const signedIn: IdentifyResult = {
  outcome: 'identified',
  actor: { kind: 'user', id: 'somebody', via: 'session', sessionId: 'some-session' },
}
const foreign = {
  cookie: 'session=some-session',
  origin: 'https://another-site.example',
  'sec-fetch-site': 'cross-site',
}

/** Binds explaining to a guard's parts. */
export function createExplain(parts: PassingParts, routes: RouteTable): Explain {
  const { policy, switches } = parts
  const decide = onTheSide(parts)
  return (method, path, given) => {
    const { door, route } = routes.find(method, path)
    const { rule } = door
    // An address of the documentation range (RFC 5737), so no trusted proxy.
    const base = { method, url: path, remoteAddress: '192.0.2.1', encrypted: true, headers: {} }
    const credentials = door.accepts
    const answer = (exchange: Exchange, who: IdentifyResult): ExplainedAnswer => {
      const decision = decide(door, exchange, who)
      // What passes the unmatched door finds nothing behind it.
      const nothing = route === undefined && decision.outcome !== 'deny'
      return answerOf(nothing ? { ...decision, outcome: 'deny', reason: 'not_found' } : decision)
    }
    const victim = credentials.includes('session') ? signedIn : missing
    return {
      method,
      path,
      ...(route === undefined ? {} : { route: `${route.method} ${route.pattern}` }),
      door: door.name,
      serves: door.serves,
      authentication: rule.authentication,
      credentials,
      scopes: rule.scopes ?? [],
      limits: {
        ...(rule.unlimited === undefined ? {} : { unlimited: rule.unlimited }),
        strangers: rule.strangers.map((limit) => explainLimit(limit, undefined)),
        actors: explainActors(rule.actors ?? []),
      },
      crossSite: rule.crossSite ?? 'refuse',
      transport: policy.transport.plainHttp === 'allow' ? 'any' : transportOf(door),
      cors: door.serves === 'page' ? [] : (parts.cors?.origins ?? []),
      onStoreFailure: rule.onStoreFailure,
      lowered: Object.fromEntries(Object.entries(modesOf(switches)).filter(([, mode]) => mode !== 'enforce')),
      answers: {
        stranger: answer(base, missing),
        plainHttp: answer({ ...base, encrypted: false }, missing),
        crossSite: answer({ ...base, headers: foreign }, victim),
        ...(given === undefined ? {} : { given: answer({ ...base, ...given }, missing) }),
      },
    }
  }
}

/** The kernel's own way through a door, with limits that always pass and events that go nowhere. */
function onTheSide(parts: PassingParts) {
  const limiter: Limiter = { take: () => nothingCharged, peek: () => nothingCharged }
  const side: PassingParts = {
    ...parts,
    events: noSecurityEvents,
    refuse: createRefuse(noSecurityEvents),
    limiter,
    guesses: createGuessBook(parts.policy.credentialGuesses, limiter),
    checkPenalty: () => undefined,
  }
  const open = createOpening(side)
  const pass = createPassing(side)
  return (door: Door, exchange: Exchange, who: IdentifyResult): Decision => {
    const decision = pass(open(door, exchange), () => who, undefined)
    if (decision instanceof Promise) throw new Error('Nothing here answers later')
    return decision
  }
}

function transportOf(door: Door): 'require-https' | 'any' {
  return door.rule.transport === 'any' ? 'any' : 'require-https'
}

function answerOf({ reason, outcome, location }: Decision): ExplainedAnswer {
  const status = outcome === 'deny' ? decisionReasons[reason].status : 200
  return { status, code: reason, ...(location === undefined ? {} : { location }) }
}

function explainActors(rules: readonly LimitRule[]): Record<string, ExplainedLimit[]> {
  if (rules.length === 0) return {}
  const plans = new Set(['default', ...rules.flatMap(plansOf)])
  return Object.fromEntries([...plans].map((plan) => [plan, rules.map((rule) => explainLimit(rule, plan))]))
}

function explainLimit(rule: LimitRule, plan: string | undefined): ExplainedLimit {
  const { name, quota, windowMs, burst, cost } = compileLimit(rule, plan)
  return { name, by: typeof rule.by === 'string' ? [rule.by] : rule.by, quota, windowMs, burst, cost }
}
