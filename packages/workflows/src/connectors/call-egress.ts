// Outgoing requests of connectors: which failures may be tried again, and when.
import { taskError } from '@levqor/jobs'
import { codeOf, workflowError } from '../workflow-error.ts'
import type { Clock, Egress, EgressResponse } from './connector.ts'

type Init = Parameters<Egress['fetch']>[1]

// The address is forbidden or the answer cannot be taken: the next try would meet the same.
const finalCodes: ReadonlySet<string | undefined> = new Set([
  'egress_blocked',
  'egress_too_large',
  'egress_too_many_redirects',
])

/** @throws TaskError with one of the guard's `egress_…` codes; the signal's reason when it ends the request */
export async function callEgress(egress: Egress, url: string, init: Init): Promise<EgressResponse> {
  try {
    return await egress.fetch(url, init)
  } catch (error) {
    const code = codeOf(error)
    if (!(error instanceof Error) || !code?.startsWith('egress_')) throw error
    const details = 'details' in error ? error.details : undefined
    throw taskError({ code, message: error.message, details, final: finalCodes.has(code), cause: error })
  }
}

// RFC 9110: the request may be repeated without change. All other 4xx say that it is wrong as it is.
const retryableStatus: ReadonlySet<number> = new Set([408, 425, 429])

/** @throws WorkflowError `http_status` for 400 and above */
export function checkStatus(response: EgressResponse, text: string, clock: Clock): void {
  const { status, url, headers } = response
  if (status < 400) return
  const retryAfterMs = readRetryAfter(headers['retry-after'], clock.now())
  throw workflowError('http_status', `${new URL(url).host} answered with status ${status}.`, {
    details: { status, url, body: text.slice(0, 2_000) },
    final: status < 500 && !retryableStatus.has(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3), as milliseconds from now. */
export function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1_000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
