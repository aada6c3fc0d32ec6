// The policy: everything the guard does, as data. Reading it tells who may pass which door.

import type { AbusePolicy } from '../abuse/abuse-policy.ts'
import type { ClientAddressPolicy } from '../address/resolve-client.ts'
import type { OriginPolicy } from '../browser/check-origin.ts'
import type { CorsPolicy } from '../browser/cors-policy.ts'
import type { HeaderPolicy, Serves } from '../headers/header-policy.ts'
import type { LimitRule } from '../limits/limit.ts'
import type { LockoutPolicy } from '../lockout/lockout-policy.ts'
import type { PenaltyPolicy } from '../penalty/penalty-policy.ts'
import type { SocketPolicy } from '../sockets/socket-policy.ts'
import type { TokenPolicy } from '../tokens/token-policy.ts'
import type { WebhookPolicy } from '../webhooks/webhook-policy.ts'

/**
 * Who may pass. `none`: everybody, and nobody is asked; `optional`: everybody, known people get their own limits;
 * `session`: a session or an access token; `link`: a single-use link is the credential; `webhook`: a signature on the
 * raw body, which the webhook receiver behind the door checks (other sites' requests are no matter there).
 */
export type DoorAuthentication =
  | 'none'
  | 'optional'
  | 'session'
  | 'api-key'
  | 'session-or-key'
  | 'link'
  | 'webhook'

/** What a door does when the limit store fails: refuse, count in this process, or pass uncounted. */
export type StoreFailureMode = 'deny' | 'local' | 'allow'

/** One kind of door. Many routes may share it. */
export interface DoorRule {
  readonly authentication: DoorAuthentication
  /** Limits for callers who have not (yet) proven who they are: counted by address, door or globally. */
  readonly strangers: readonly LimitRule[]
  /** Limits for known callers; they replace the strangers' limits. */
  readonly actors?: readonly LimitRule[]
  /** Instead of limits: why this door needs none. */
  readonly unlimited?: string
  /** Scopes a key must have, all of them. */
  readonly scopes?: readonly string[]
  /** What it serves (default `api`). */
  readonly serves?: Serves
  /**
   * Unsafe requests started by other sites (default `refuse`). `accept` is for doors that other programs call and
   * where no cookie counts: incoming webhooks, probes.
   */
  readonly crossSite?: 'refuse' | 'accept'
  /** `any`: answers over plain HTTP too, for health probes inside a network. */
  readonly transport?: 'policy' | 'any'
  readonly onStoreFailure: StoreFailureMode
}

/** Plain HTTP: `require` refuses it at API doors and redirects pages; `allow` is for development on loopback. */
export interface TransportPolicy {
  readonly plainHttp: 'require-https' | 'allow'
  /** Where pages are redirected to; never taken from the request's Host header. */
  readonly publicOrigin?: string
}

/** The whole policy. */
export interface Policy {
  readonly doors: Readonly<Record<string, DoorRule>>
  /** The door for requests that match no route. */
  readonly unmatched: string
  /** Refused credentials by address: above it, credentials of that address are not even looked at. */
  readonly credentialGuesses: LimitRule
  readonly clientAddress: ClientAddressPolicy
  readonly browser: OriginPolicy
  readonly headers?: HeaderPolicy
  readonly transport: TransportPolicy
  /**
   * Which door stands at which route, for adapters whose framework has no place to say it at the route, and for
   * `guard explain`: `{ 'GET /notes/:id': 'notes.read' }`.
   */
  readonly routes?: Readonly<Record<string, string>>
  readonly cors?: CorsPolicy
  readonly penalties?: PenaltyPolicy
  readonly lockout?: LockoutPolicy
  readonly tokens?: TokenPolicy
  readonly webhooks?: WebhookPolicy
  readonly sockets?: SocketPolicy
  readonly abuse?: AbusePolicy
}

/** One thing wrong with a policy. */
export interface PolicyProblem {
  readonly code: string
  /** Where, such as `doors.jobs.read.actors[0].quota`. */
  readonly path: string
  readonly fix: string
  /** What stands there, shortened; never anything that could be a secret. */
  readonly found?: string
}
