// A refusal as RFC 9457 problem document with its header fields. The one place where decisions meet HTTP.
import { ietfRateLimitFields, type RateLimitFields } from '../limits/rate-limit-fields.ts'
import type { Decision } from './decision.ts'
import { helpOf } from './help-of.ts'
import { decisionReasons } from './reasons.ts'

/** Facts of the request that a problem document repeats. */
export interface ProblemContext {
  readonly requestId?: string
  /** The request's path without its query, which may hold secrets. */
  readonly instance?: string
  /** `type` is this plus the code; default `about:blank`. */
  readonly typeBase?: string
  readonly fields?: RateLimitFields
}

/** RFC 9457 body. For limits also `ok`, `error` and `retry_after` in seconds. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly instance?: string
  readonly request_id?: string
  readonly ok?: false
  readonly error?: string
  readonly retry_after?: number
  readonly required_scopes?: readonly string[]
}

/** A whole HTTP answer. Header names in lower case. */
export interface RenderedDecision {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly problem: Problem
  /** The problem as text; `null` for an answer that has no body. */
  readonly body: string | null
}

/**
 * Renders a refusal, or an answer that the guard gives in the application's place.
 * @example
 * const { status, headers, body } = renderDecision(decision, { requestId, instance: '/api/v1/jobs' })
 */
export function renderDecision(decision: Decision, context: ProblemContext = {}): RenderedDecision {
  const { status, title } = decisionReasons[decision.reason]
  const empty = status === 204
  const headers: Record<string, string> = {
    ...(empty ? {} : { 'content-type': 'application/problem+json; charset=utf-8' }),
    'cache-control': 'no-store',
  }
  const limited = status === 429
  const retryAfter = Math.max(1, Math.ceil((decision.retryAfterMs ?? 0) / 1000))
  if (limited || status === 503) headers['retry-after'] = String(retryAfter)
  // RFC 9110 section 15.5.2: a 401 must say how to authenticate.
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (decision.location !== undefined) headers.location = decision.location
  addLimitFields(headers, decision, context.fields ?? ietfRateLimitFields)
  const problem: Problem = {
    type: context.typeBase === undefined ? 'about:blank' : `${context.typeBase}${decision.reason}`,
    title,
    status,
    detail: helpOf(decision),
    code: decision.reason,
    ...(context.instance === undefined ? {} : { instance: context.instance }),
    ...(context.requestId === undefined ? {} : { request_id: context.requestId }),
    ...(limited ? { ok: false, error: decision.reason, retry_after: retryAfter } : {}),
    ...(decision.scopes === undefined ? {} : { required_scopes: decision.scopes }),
  }
  return { status, headers, problem, body: empty ? null : JSON.stringify(problem) }
}

function addLimitFields(headers: Record<string, string>, decision: Decision, fields: RateLimitFields): void {
  if (decision.limits.length === 0) return
  headers[fields.policyName] = fields.policy(decision.limits.map((state) => state.limit))
  headers[fields.stateName] = fields.state(decision.limits)
}
