// Which other sites’ pages may read our answers.
import type { PolicyProblem } from '../policy/policy.ts'
import { isOrigin } from './origins.ts'

/** Cross-origin resource sharing, for everything but pages. Without it no other site reads anything. */
export interface CorsPolicy {
  /** Exact origins, such as `https://app.example`. Loopback origins are dropped where HTTPS is required. */
  readonly origins: readonly string[]
  /**
   * Whether these pages may send cookies (default false). Only with it may they use unsafe methods at doors that a
   * cookie opens or that set one.
   */
  readonly credentials?: boolean
  /** Methods beyond GET, HEAD and POST (default PUT, PATCH, DELETE). */
  readonly methods?: readonly string[]
  /** Request headers a page may set; lower case. Default: {@link corsDefaults}. */
  readonly headers?: readonly string[]
  /** Response headers a page may read; lower case. Default: {@link corsDefaults}. */
  readonly exposedHeaders?: readonly string[]
  /** How long a browser remembers a preflight (default 3600). */
  readonly maxAgeSeconds?: number
}

/** What is allowed when a policy names origins only. */
export const corsDefaults = {
  credentials: false,
  methods: ['PUT', 'PATCH', 'DELETE'],
  headers: ['authorization', 'content-type', 'idempotency-key', 'x-api-key', 'x-challenge-token'],
  exposedHeaders: ['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
  maxAgeSeconds: 3600,
} as const

const token = /^[!#$%&'*+.^`|~\w-]+$/

/** Problems of this part of a policy, each with its place and its fix. */
export function checkCorsPolicy(policy: CorsPolicy, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say = (code: string, at: string, fix: string) => problems.push({ code, path: `${path}.${at}`, fix })
  for (const [i, origin] of policy.origins.entries()) {
    // "*" and "null" fail here too: everybody, and every sandboxed page of everybody.
    if (!isOrigin(origin)) {
      say(
        'cors_origin',
        `origins[${i}]`,
        'Write the exact origin, such as https://app.example, without path.',
      )
    }
  }
  const lists = { methods: policy.methods, headers: policy.headers, exposedHeaders: policy.exposedHeaders }
  for (const [name, list] of Object.entries(lists)) {
    for (const [i, entry] of (list ?? []).entries()) {
      if (entry === '*' || !token.test(entry) || entry !== inCase(name, entry)) {
        const how = name === 'methods' ? 'capitals' : 'lower case'
        say(
          'cors_list',
          `${name}[${i}]`,
          `Name them one by one, in ${how}; "*" is not understood by everybody.`,
        )
      }
    }
  }
  const seconds = policy.maxAgeSeconds ?? corsDefaults.maxAgeSeconds
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400)) {
    say('cors_max_age', 'maxAgeSeconds', 'Use 0 to 86_400 seconds; browsers keep it two hours at most.')
  }
  return problems
}

function inCase(list: string, entry: string): string {
  return list === 'methods' ? entry.toUpperCase() : entry.toLowerCase()
}
