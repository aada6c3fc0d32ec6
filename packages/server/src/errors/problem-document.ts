// RFC 9457 documents: the one shape of every refusal.
import type { Problem } from './service-error.ts'
import type { TranslatedError } from './translate-error.ts'

/** Where `type` points: a page of this very server. */
export const errorTypeBase = '/docs/errors#'

export const problemContentType = 'application/problem+json; charset=utf-8'

export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** The path of the request, without its query, which may hold secrets. */
  readonly instance?: string
  readonly code: string
  readonly request_id: string
  readonly errors?: readonly Problem[]
  /** Seconds. */
  readonly retry_after?: number
}

export function problemDocument(
  error: TranslatedError,
  request: { readonly id: string; readonly url?: string },
): ProblemDocument {
  const { code, facts, detail, problems, retryAfterMs } = error
  return {
    type: `${errorTypeBase}${code}`,
    title: facts.title,
    status: facts.status,
    detail,
    ...(request.url === undefined ? {} : { instance: pathOf(request.url) }),
    code,
    request_id: request.id,
    ...(problems === undefined ? {} : { errors: problems }),
    ...(retryAfterMs === undefined ? {} : { retry_after: Math.max(1, Math.ceil(retryAfterMs / 1000)) }),
  }
}

/** The path of an address, without its query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
