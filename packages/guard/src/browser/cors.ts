// CORS: the answers a listed page may read, and the question a browser asks before it sends such a page's request.
// Origins are looked up, never echoed: what is not on the list leaves no trace in any answer.
import type { HeaderSet } from '../headers/header-policy.ts'
import { type CorsPolicy, corsDefaults } from './cors-policy.ts'

/** What CORS makes of one request. `listed` is the policy's own text of the origin. */
export interface CorsFinding {
  readonly listed: string | undefined
  /** The browser asks whether it may send the real request. */
  readonly preflight: boolean
  /** The answer's headers with what CORS adds to them. */
  headers(base: HeaderSet): HeaderSet
}

/** The compiled policy. */
export interface Cors {
  readonly origins: readonly string[]
  find(method: string, headers: CorsHeaders): CorsFinding
}

interface CorsHeaders {
  readonly origin?: string | readonly string[] | undefined
  readonly 'access-control-request-method'?: string | readonly string[] | undefined
}

/** Compiles the policy; everything it can send is computed once. */
export function createCors(policy: CorsPolicy): Cors {
  const { credentials, methods, headers, exposedHeaders, maxAgeSeconds } = { ...corsDefaults, ...policy }
  const preflightFields = {
    'access-control-allow-methods': ['GET', 'HEAD', 'POST', ...methods].join(', '),
    'access-control-allow-headers': headers.join(', '),
    'access-control-max-age': String(maxAgeSeconds),
  }
  const unlisted = createFinding(undefined, false, {})
  const unlistedPreflight = createFinding(undefined, true, {})
  const findings = new Map<unknown, Record<'plain' | 'preflight', CorsFinding>>()
  for (const listed of policy.origins) {
    const answer = {
      'access-control-allow-origin': listed,
      ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
      'access-control-expose-headers': exposedHeaders.join(', '),
      // Without it a page that requires its resources to opt in (COEP) could read the answer, but not embed it.
      'cross-origin-resource-policy': 'cross-origin',
    }
    findings.set(listed, {
      plain: createFinding(listed, false, answer),
      preflight: createFinding(listed, true, { ...answer, ...preflightFields }),
    })
  }
  return {
    origins: policy.origins,
    find(method, { origin, 'access-control-request-method': asked }) {
      if (origin === undefined) return unlisted
      const preflight = method === 'OPTIONS' && asked !== undefined
      const known = findings.get(origin)
      if (known === undefined) return preflight ? unlistedPreflight : unlisted
      return preflight ? known.preflight : known.plain
    },
  }
}

function createFinding(listed: string | undefined, preflight: boolean, fields: HeaderSet): CorsFinding {
  // Nearly every answer has the same headers as the one before it.
  let lastBase: HeaderSet | undefined
  let last: HeaderSet = {}
  return {
    listed,
    preflight,
    headers(base) {
      if (base === lastBase) return last
      // Also without an allowed origin: a cache must not hand one page's answer to another.
      const vary = base.vary === undefined ? 'Origin' : `${base.vary}, Origin`
      lastBase = base
      last = { ...base, ...fields, vary }
      return last
    },
  }
}
