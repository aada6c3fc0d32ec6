// A route names its contract, its door and its verb, and translates between them. Nothing else happens in one.
import type { z } from 'zod'
import type { Actor } from '../verbs/actor.ts'
import type { Verb, VerbKind, VerbReach } from '../verbs/define-verb.ts'
import type { AnswerOf, ParsedRequest, RouteContract } from './contract.ts'
import type { EventStream } from './event-stream.ts'
import type { CredentialPlace } from './identified.ts'

/** Facts of the request that a route may translate, beside its parsed parts. */
export interface RequestFacts {
  readonly requestId: string
  readonly clientIp: string
  /** What limits and lockout count the caller’s address by: itself, or its prefix for IPv6. */
  readonly addressKey: string
  /** Whether the caller reached us over HTTPS, proxies included: decides the cookies' names. */
  readonly https: boolean
  readonly actor: Actor
  /** Where the credential stood that named the actor: shown in a header, or in a cookie that comes along by itself. */
  readonly credentialPlace: CredentialPlace | undefined
  readonly cookieHeader: string | undefined
  readonly userAgent: string | undefined
  readonly lastEventId: string | undefined
}

export type HeaderValues = Readonly<Record<string, string | readonly string[]>>

interface RouteBase {
  readonly contract: RouteContract
  /** The guard's door. A name that the policy does not have stops the start. */
  readonly door: string
  /**
   * For addresses that people arrive at by a link: the page that tells of a failure with this code, instead of a document
   * that only programs read. Refusals of the door lead there too.
   */
  failsTo?(code: string): string
}

/** A route as the server registers it; what its parts have in common is checked by {@link defineRoute}. */
export interface Route<S = never> extends RouteBase {
  readonly verb: Verb<VerbKind, VerbReach, z.ZodType, unknown, S>
  input(request: ParsedRequest<RouteContract>, facts: RequestFacts): unknown
  present?(result: unknown, facts: RequestFacts): unknown
  headers?(result: unknown, facts: RequestFacts): HeaderValues
  status?(result: unknown): number
  stream?(result: unknown, stream: EventStream, facts: RequestFacts, services: S): Promise<void>
}

/** What {@link defineRoute} takes. */
export interface RouteDefinition<
  C extends RouteContract,
  K extends VerbKind,
  R extends VerbReach,
  I extends z.ZodType,
  O,
  S,
> {
  readonly contract: C
  readonly door: string
  /** See {@link Route}. */
  failsTo?(code: string): string
  readonly verb: Verb<K, R, I, O, S>
  /** From the request to the verb's input. */
  input(request: ParsedRequest<C>, facts: RequestFacts): z.input<I>
  /** From the verb's value to the contract's answer. Left out: the value is the answer. */
  present?(result: O, facts: RequestFacts): AnswerOf<C>
  /** Further headers of the answer, such as cookies. */
  headers?(result: O, facts: RequestFacts): HeaderValues
  /** One of the contract's statuses. Left out: its `status`. */
  status?(result: O): number
  /** For contracts that produce `text/event-stream`: runs after the verb, until it returns or the stream closes. */
  stream?(result: O, stream: EventStream, facts: RequestFacts, services: S): Promise<void>
}

/**
 * Declares a route.
 * @example
 * defineRoute({
 *   contract: contracts.createApiKey,
 *   door: 'api-keys.write',
 *   verb: createApiKey,
 *   input: ({ body }) => body,
 *   present: newApiKeyToApi,
 * })
 */
export function defineRoute<
  const C extends RouteContract,
  K extends VerbKind,
  R extends VerbReach,
  I extends z.ZodType,
  O,
  S,
>(definition: RouteDefinition<C, K, R, I, O, S>): Route<S> {
  const streams = definition.contract.produces === 'text/event-stream'
  if (streams !== (definition.stream !== undefined)) {
    throw new Error(`The route ${definition.contract.id}: contract and route disagree about streaming.`)
  }
  // Forgets C, K, R, I and O, which agree with one another as just checked by the compiler.
  return definition as unknown as Route<S>
}
