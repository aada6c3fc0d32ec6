// The response fields that tell a client where it stands (draft-ietf-httpapi-ratelimit-headers-10: two lists of
// structured-field items). Kept behind one type because the draft may still change.
import type { Limit, LimitState } from './limit.ts'

/** Writes limit states into response fields. */
export interface RateLimitFields {
  readonly policyName: string
  readonly stateName: string
  /** Computed once per list of limits. */
  policy(limits: readonly Limit[]): string
  state(states: readonly LimitState[]): string
}

/** `RateLimit-Policy: "key";q=60;w=60` and `RateLimit: "key";r=59;t=1`. */
export const ietfRateLimitFields: RateLimitFields = {
  policyName: 'ratelimit-policy',
  stateName: 'ratelimit',
  policy: (limits) => limits.map((limit) => limit.policyField).join(', '),
  state(states) {
    let text = ''
    for (const state of states) {
      if (text !== '') text += ', '
      // `t` is the time until more is available: for a refused limit the same as Retry-After.
      const waitMs = state.exceeded ? state.retryAfterMs : state.resetMs
      text += state.limit.stateFieldStart + state.remaining + stateFieldEnd(Math.ceil(waitMs / 1000))
    }
    return text
  },
}

// Written for every answer: what has few values is joined once (a text of fewer parts is sent sooner).
const shortWaits = Array.from({ length: 3_601 }, (_, seconds) => `;t=${seconds}`)

function stateFieldEnd(seconds: number): string {
  return shortWaits[seconds] ?? `;t=${seconds}`
}
