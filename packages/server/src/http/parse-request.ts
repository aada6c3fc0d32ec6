// Every part of a request against its contract, all problems of all parts at once.
import type { z } from 'zod'
import { type Problem, serviceError } from '../errors/service-error.ts'
import { type Place, problemsOf } from '../errors/validation-problems.ts'
import type { ParsedRequest, RouteContract } from './contract.ts'

interface RawRequest {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly body: unknown
}

/**
 * @throws ServiceError `validation_failed` with every problem; `not_found` when the address itself cannot be right
 */
export function parseRequest(contract: RouteContract, raw: RawRequest): ParsedRequest<RouteContract> {
  const params = contract.params?.safeParse(raw.params)
  if (params && !params.success) {
    // An identifier that was never issued and one that is not well-formed are the same to the caller: not there.
    throw serviceError('not_found', { detail: problemsOf(params.error, 'parameter')[0]?.message ?? '' })
  }
  const problems: Problem[] = []
  const query = parsePart(contract.query, raw.query, 'parameter', problems)
  const headers = parsePart(contract.headers, raw.headers, 'parameter', problems)
  const body = parsePart(contract.body, raw.body, 'body', problems)
  if (contract.body === undefined && !isEmpty(raw.body)) {
    problems.push({ pointer: '', code: 'unknown_field', message: 'This address takes no body.' })
  }
  if (problems.length > 0) throw serviceError('validation_failed', { problems })
  return { params: params?.data as undefined, query, headers, body }
}

function parsePart(
  schema: z.ZodType | undefined,
  value: unknown,
  place: Place,
  problems: Problem[],
): undefined {
  if (schema === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (!parsed.success) problems.push(...problemsOf(parsed.error, place))
  // The type of each part is known to the route (ParsedRequest of its contract), not here.
  return parsed.data as undefined
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0)
}
