// Every answer the guard can give, in one table. Texts are for strangers: they name no internals and never tell
// whether an account, a key or a store exists.

/** What an outcome looks like over HTTP. */
export interface ReasonFacts {
  readonly status: number
  readonly title: string
  /** What the caller can do. */
  readonly help: string
}

/** The closed list of reasons. The key is the stable `code` of the problem document. */
export const decisionReasons = {
  allowed: { status: 200, title: 'Allowed', help: '' },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    help: 'Wait for the number of seconds in Retry-After, then try again.',
  },
  limits_unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    help: 'The service cannot accept this request right now. Try again in a moment.',
  },
  origin_denied: {
    status: 403,
    title: 'Cross-site request refused',
    help: 'Send the request from the service’s own pages, or use an API key instead of a cookie.',
  },
  https_required: {
    status: 403,
    title: 'HTTPS required',
    help: 'Use https://. If a secret was sent over plain HTTP, replace it.',
  },
  https_redirect: { status: 308, title: 'Moved to HTTPS', help: 'Follow the Location header.' },
  credential_missing: {
    status: 401,
    title: 'Authentication required',
    help: 'Sign in, or send an API key as "Authorization: Bearer <key>".',
  },
  credential_invalid: {
    status: 401,
    title: 'Authentication failed',
    help: 'The key or session is not valid (any more). Sign in again or use another key.',
  },
  credential_unsuitable: {
    status: 403,
    title: 'Not possible with this kind of credential',
    help: 'Use the kind of credential that the documentation names for this address.',
  },
  scope_missing: {
    status: 403,
    title: 'Scope missing',
    help: 'Use a key that was created with the scope that the documentation names for this address.',
  },
  door_unknown: {
    status: 500,
    title: 'Not available',
    help: 'The service is misconfigured at this address. Tell its operator.',
  },
} as const satisfies Record<string, ReasonFacts>

/** Why a decision was taken. */
export type DecisionReason = keyof typeof decisionReasons
