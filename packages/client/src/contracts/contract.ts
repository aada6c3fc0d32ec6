// What a contract is: everything both sides of one route must agree on.
import { z } from 'zod'
import type { IdPrefix } from '../public-id.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

type SuccessStatus = 200 | 201 | 202 | 204 | 303

/** One route. `path` has `{name}` placeholders; `answer` is the body of the successful `status`. */
export interface Contract {
  /** Unique, `noun.verb`; the operation id of the OpenAPI document. */
  readonly id: string
  readonly method: Method
  readonly path: `/${string}`
  readonly summary: string
  /** 303: the answer is a `Location`, for browsers that arrive by a link. */
  readonly status: SuccessStatus
  /** Further successes with the same body: an upsert that creates or updates. */
  readonly otherStatuses?: readonly SuccessStatus[]
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly headers?: z.ZodType
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  /** `text/event-stream` for routes that stream. Default JSON. */
  readonly produces?: 'text/event-stream'
}

/** Keeps the literal types of a contract, so that routes and client derive from them. */
export function defineContract<const C extends Contract>(contract: C): C {
  return contract
}

/** An identifier of one kind, for example `job_0193a1b2c3d47e5f8a9b0c1d2e3f4a5b`. */
export function publicId(prefix: IdPrefix) {
  return z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9a-f]{32}$`),
      `expected an identifier like ${prefix}_… (32 hexadecimal digits)`,
    )
}

/** A short text that every database can hold: no NUL, no half of a surrogate pair. */
export function plainText(maxLength: number) {
  return z.string().max(maxLength).refine(isStorable, 'holds characters that cannot be stored')
}

/** Half a surrogate pair becomes the replacement character wherever bytes are needed: two texts, one digest. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/**
 * What people call themselves and their things. It stands in the subjects and sentences of mails to others: a line break would
 * begin a sentence of its own there, and a bidirectional override would show it backwards (CVE-2021-42574).
 */
export function oneLine(maxLength: number) {
  return plainText(maxLength)
    .trim()
    .min(1)
    .refine(
      (text) => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text),
      'must be one line without control characters',
    )
}

/** RFC 3339 in UTC. */
export const timestamp = z.iso.datetime().describe('RFC 3339, UTC')

/** Query of every list. */
export const pageQuery = {
  cursor: plainText(500).optional().describe('`next_cursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
}

/** A page of a list. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable(), has_more: z.boolean() })
}
