// The policy: everything the guard does, as data. Reading it tells who may pass which door.
import type { ClientAddressPolicy } from '../address/resolve-client.ts'
import type { OriginPolicy } from '../browser/check-origin.ts'
import type { HeaderPolicy, Serves } from '../headers/header-policy.ts'
import type { LimitRule } from '../limits/limit.ts'

/**
 * Who may pass. `none`: everybody, and nobody is asked; `optional`: everybody, known people get their own limits;
 * `link`: a single-use link is the credential.
 */
export type DoorAuthentication = 'none' | 'optional' | 'session' | 'api-key' | 'session-or-key' | 'link'

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
}

/** One thing wrong with a policy. */
export interface PolicyProblem {
  readonly code: string
  /** Where, such as `doors.jobs.read.actors[0].quota`. */
  readonly path: string
  readonly fix: string
}
