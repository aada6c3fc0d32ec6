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
  /** A browser's question before a listed page's request: answered by headers alone. */
  preflight: { status: 204, title: 'Preflight answered', help: '' },
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
    // Where it is known what the door takes, `helpOf` names just that.
    help: 'Sign in, or send the credential that the documentation names for this address.',
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
  credential_unverifiable: {
    status: 503,
    title: 'Temporarily unavailable',
    help: 'The service cannot check this credential right now. Try again in a moment.',
  },
  scope_missing: {
    status: 403,
    title: 'Scope missing',
    help: 'Use a key that was created with the scope that the documentation names for this address.',
  },
  invalid_credentials: {
    status: 401,
    title: 'Sign-in failed',
    help: 'The name or the secret is wrong. Check both and try again.',
  },
  locked: {
    status: 429,
    title: 'Too many failed attempts',
    help: 'Wait for the number of seconds in Retry-After, then try again.',
  },
  address_blocked: {
    status: 429,
    title: 'Too many refused requests',
    help: 'Wait for the number of seconds in Retry-After. Stop retrying requests that are refused.',
  },
  challenge_required: {
    status: 403,
    title: 'Human check required',
    help: 'Complete the human check and repeat the request with its token in X-Challenge-Token.',
  },
  step_up_required: {
    status: 403,
    title: 'Confirm that it is you',
    help: 'Sign in again or enter your second factor, then repeat the request.',
  },
  held_for_review: {
    status: 202,
    title: 'Waiting for review',
    help: 'The request was kept and somebody will look at it.',
  },
  session_ended: {
    status: 401,
    title: 'Session ended',
    help: 'Sign in again.',
  },
  webhook_invalid: {
    status: 401,
    title: 'Webhook refused',
    help: 'Sign the exact bytes of the body with the current secret and send them at once.',
  },
  webhook_closed: {
    status: 503,
    title: 'Webhook not set up',
    help: 'The service has no secret for this sender yet. Tell its operator.',
  },
  webhook_replayed: { status: 200, title: 'Processed before', help: 'Nothing to do: stop repeating it.' },
  // 503 and not 409 or 425: every sender repeats after it, also those that take any 4xx for final.
  webhook_in_progress: {
    status: 503,
    title: 'Being processed',
    help: 'The same message is being processed right now. Repeat it after the number of seconds in Retry-After.',
  },
  webhook_unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    help: 'The service cannot accept this message right now. Repeat it in a moment.',
  },
  payload_too_large: {
    status: 413,
    title: 'Too large',
    help: 'Send less at once.',
  },
  too_many_connections: {
    status: 429,
    title: 'Too many connections',
    help: 'Close some of the open connections, then try again.',
  },
  event_unknown: {
    status: 404,
    title: 'Unknown event',
    help: 'Use one of the documented event names.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    help: 'Check the method and the address: there is nothing here.',
  },
  door_unknown: {
    status: 500,
    title: 'Not available',
    help: 'The service is misconfigured at this address. Tell its operator.',
  },
} as const satisfies Record<string, ReasonFacts>

/** Why a decision was taken. */
export type DecisionReason = keyof typeof decisionReasons
