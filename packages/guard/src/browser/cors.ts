// CORS: the answers a listed page may read, and the question a browser asks before it sends such a page's request.
// Origins are looked up, never echoed: what is not on the list leaves no trace in any answer.
import type { HeaderSet } from '../headers/header-policy.ts'
import { type CorsPolicy, corsDefaults } from './cors-policy.ts'

/** What CORS makes of one request. `listed` is the policy's own text of the origin. */
export interface CorsFinding {
  readonly listed: string | undefined
  /** The browser asks whether it may send the real request. */
  readonly preflight: boolean
}

/** The compiled policy. */
export interface Cors {
  readonly origins: readonly string[]
  find(method: string, headers: CorsHeaders): CorsFinding
  /** The answer's headers with what CORS adds to them. */
  headers(base: HeaderSet, finding: CorsFinding): HeaderSet
}

interface CorsHeaders {
  readonly origin?: string | readonly string[] | undefined
  readonly 'access-control-request-method'?: string | readonly string[] | undefined
}

const unlisted: CorsFinding = { listed: undefined, preflight: false }
const unlistedPreflight: CorsFinding = { listed: undefined, preflight: true }

/** Compiles the policy; everything it can send is computed once. */
export function createCors(policy: CorsPolicy): Cors {
  const { credentials, methods, headers, exposedHeaders, maxAgeSeconds } = { ...corsDefaults, ...policy }
  const preflightFields = {
    'access-control-allow-methods': ['GET', 'HEAD', 'POST', ...methods].join(', '),
    'access-control-allow-headers': headers.join(', '),
    'access-control-max-age': String(maxAgeSeconds),
  }
  const findings = new Map<unknown, Record<'plain' | 'preflight', CorsFinding>>()
  const fields = new Map<CorsFinding, HeaderSet>()
  for (const listed of policy.origins) {
    const answer = {
      'access-control-allow-origin': listed,
      ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
      'access-control-expose-headers': exposedHeaders.join(', '),
      // Without it a page that requires its resources to opt in (COEP) could read the answer, but not embed it.
      'cross-origin-resource-policy': 'cross-origin',
    }
    const plain = { listed, preflight: false }
    const preflight = { listed, preflight: true }
    findings.set(listed, { plain, preflight })
    fields.set(plain, answer)
    fields.set(preflight, { ...answer, ...preflightFields })
  }
  const made = new Map<CorsFinding, Map<HeaderSet, HeaderSet>>()
  return {
    origins: policy.origins,
    find(method, { origin, 'access-control-request-method': asked }) {
      if (origin === undefined) return unlisted
      const preflight = method === 'OPTIONS' && asked !== undefined
      const known = findings.get(origin)
      if (known === undefined) return preflight ? unlistedPreflight : unlisted
      return preflight ? known.preflight : known.plain
    },
    headers(base, finding) {
      let byBase = made.get(finding)
      if (byBase === undefined) {
        byBase = new Map()
        made.set(finding, byBase)
      }
      const known = byBase.get(base)
      if (known !== undefined) return known
      // Also without an allowed origin: a cache must not hand one page's answer to another.
      const vary = base.vary === undefined ? 'Origin' : `${base.vary}, Origin`
      const merged = { ...base, ...fields.get(finding), vary }
      byBase.set(base, merged)
      return merged
    },
  }
}
