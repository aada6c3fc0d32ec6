// One request on its way through a door: what came in, and what the guard has found out so far.
import type { ClientAddress } from '../address/resolve-client.ts'
import type { CorsFinding } from '../browser/cors.ts'
import type { Decision } from '../decision/decision.ts'
import type { DecisionReason } from '../decision/reasons.ts'
import type { Door } from './compile-door.ts'
import type { Actor } from './identity.ts'

/** A request as every adapter can describe it. Header names in lower case. */
export interface Exchange {
  readonly method: string
  /** Path and query as received; only used to redirect a page to HTTPS. */
  readonly url: string
  readonly remoteAddress: string | undefined
  readonly encrypted: boolean
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly requestId?: string
}

/** What handlers read from `request.guard`. */
export interface Passage {
  readonly door: Door
  readonly clientIp: string
  /** Where the client is, as far as trusted hops can say; its `key` is what limits and lockout count by. */
  readonly client: ClientAddress
  readonly https: boolean
  /** The page's nonce; only page doors have one. */
  readonly nonce: string | undefined
  readonly actor: Actor | undefined
  readonly decision: Decision | undefined
  /** Whether another site's page may read the answer; nothing where CORS is not configured. */
  readonly cors: CorsFinding | undefined
}

/** The kernel's own view. Adapters and handlers see {@link Passage}. */
export interface OpenPassage extends Passage {
  readonly exchange: Exchange
  actor: Actor | undefined
  decision: Decision | undefined
  /** The first thing that a lowered protection let pass. */
  degraded: DecisionReason | undefined
  /** A header credential was presented, so the origin was not judged yet. */
  originPending: boolean
  /** How many times the usual a request costs its address, which is in the penalty box. */
  cost: number
  /** `RateLimit-Policy` of the limits that were charged. */
  policyField: string
}
