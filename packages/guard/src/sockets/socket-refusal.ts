// A refusal as sockets carry it: the same decision that HTTP renders as a problem document.
import type { Decision } from '../decision/decision.ts'
import { helpOf } from '../decision/help-of.ts'
import { decisionReasons } from '../decision/reasons.ts'

/** Argument of the `error` event, of a refused event's acknowledgement, and `data` of a refused connection. */
export interface SocketRefusal {
  readonly code: Decision['reason']
  readonly title: string
  readonly detail: string
  /** Seconds. */
  readonly retry_after?: number
  /** The event that was refused, if the policy knows it. */
  readonly event?: string
}

/** Renders a refusal. Says nothing about internals. */
export function renderSocketRefusal(decision: Decision, event?: string): SocketRefusal {
  const { title } = decisionReasons[decision.reason]
  return {
    code: decision.reason,
    title,
    // Sockets have no header fields: the wait stands in the refusal itself.
    detail: helpOf(decision).replace('Retry-After', 'retry_after'),
    ...(decision.retryAfterMs === undefined
      ? {}
      : { retry_after: Math.max(1, Math.ceil(decision.retryAfterMs / 1000)) }),
    ...(event === undefined ? {} : { event }),
  }
}
