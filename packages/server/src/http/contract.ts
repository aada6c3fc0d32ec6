// The shape of a route's contract, as @levqor/client declares it: structural, because this room stands below it.
import type { z } from 'zod'

export interface RouteContract {
  /** Operation id of the OpenAPI document; what stands before the dot is its group. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` placeholders. */
  readonly path: `/${string}`
  readonly summary: string
  readonly status: number
  /** Further successes with the same body. */
  readonly otherStatuses?: readonly number[]
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly headers?: z.ZodType
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  readonly produces?: 'text/event-stream'
}

type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined

/** A request whose every part has passed its contract. */
export interface ParsedRequest<C extends RouteContract> {
  readonly params: OutputOf<C['params']>
  readonly query: OutputOf<C['query']>
  readonly headers: OutputOf<C['headers']>
  readonly body: OutputOf<C['body']>
}

/** What the route answers: the contract's answer before it is written. */
export type AnswerOf<C extends RouteContract> = C['answer'] extends z.ZodType
  ? z.input<C['answer']>
  : undefined
