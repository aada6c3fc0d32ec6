// Security headers of every answer, computed once per policy. Per request only the nonce is filled in.
import { apiCsp, compilePageCsp, type PageCspOptions } from './csp.ts'

/** What a door serves: decides the content policy and how plain HTTP is answered. */
export type Serves = 'api' | 'page' | 'asset'

/** The header policy as data. Everything has a safe default. */
export interface HeaderPolicy {
  readonly pageCsp?: PageCspOptions
  /** HSTS max-age in seconds (default one year); 0 leaves the header out. Sent on HTTPS only. */
  readonly hstsMaxAgeSeconds?: number
  readonly referrerPolicy?: string
  /** Browser features and who may use them (default: no location, microphone or camera). */
  readonly permissions?: Readonly<Record<string, string>>
  /** `Reporting-Endpoints`, for `pageCsp.reportTo`. */
  readonly reportingEndpoints?: Readonly<Record<string, string>>
  /** Replaces or, with `null`, removes single headers, last of all. Names in lower case. */
  readonly override?: Readonly<Record<string, string | null>>
}

/** Headers ready to send; names in lower case. */
export type HeaderSet = Readonly<Record<string, string>>

/** The compiled policy. */
export interface CompiledHeaders {
  /** All headers of an answer; a page's content policy is for its nonce. */
  answer(serves: Serves, https: boolean, nonce?: string): HeaderSet
  /** What can be observed without being enforced: the policies that have a report-only form. */
  reportOnly(serves: Serves, https: boolean, nonce?: string): HeaderSet
  /** The page's content policy for one nonce: for the answer, and for the page renderer to read the nonce from. */
  pageCsp(nonce: string, https: boolean): string
}

/** Compiles a header policy. */
export function compileHeaders(policy: HeaderPolicy = {}): CompiledHeaders {
  const sets = {
    api: { plain: build(policy, 'api', false), https: build(policy, 'api', true) },
    page: { plain: build(policy, 'page', false), https: build(policy, 'page', true) },
    asset: { plain: build(policy, 'asset', false), https: build(policy, 'asset', true) },
  }
  const reportUri = policy.reportingEndpoints?.[policy.pageCsp?.reportTo ?? '']
  const plainCsp = compilePageCsp({ ...policy.pageCsp, upgradeInsecureRequests: false }, reportUri)
  const httpsCsp = compilePageCsp({ upgradeInsecureRequests: true, ...policy.pageCsp }, reportUri)
  const pageCsp = (nonce: string, https: boolean) => (https ? httpsCsp : plainCsp)(nonce)
  const replaced = policy.override?.['content-security-policy'] !== undefined
  const answer = (serves: Serves, https: boolean, nonce?: string): HeaderSet => {
    const fixed = https ? sets[serves].https : sets[serves].plain
    if (nonce === undefined || replaced) return fixed
    return { ...fixed, 'content-security-policy': pageCsp(nonce, https) }
  }
  return {
    pageCsp,
    answer,
    reportOnly(serves, https, nonce) {
      const all = answer(serves, https, nonce)
      const observed: Record<string, string> = {}
      for (const name of observable) {
        const value = all[name]
        if (value !== undefined) observed[`${name}-report-only`] = value
      }
      const { 'reporting-endpoints': endpoints } = all
      return endpoints === undefined ? observed : { ...observed, 'reporting-endpoints': endpoints }
    },
  }
}

const observable = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-embedder-policy',
] as const

function build(policy: HeaderPolicy, serves: Serves, https: boolean): HeaderSet {
  const permissions = policy.permissions ?? { geolocation: '()', microphone: '()', camera: '()' }
  const maxAge = policy.hstsMaxAgeSeconds ?? 31_536_000
  const headers: Record<string, string> = {
    ...(serves === 'page' ? {} : { 'content-security-policy': apiCsp }),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': policy.referrerPolicy ?? 'strict-origin-when-cross-origin',
    'permissions-policy': Object.entries(permissions)
      .map(([feature, who]) => `${feature}=${who}`)
      .join(', '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    // The old filter could be turned against pages; 0 switches it off where it still exists.
    'x-xss-protection': '0',
  }
  if (https && maxAge > 0) {
    // Browsers' preload lists take nothing shorter than a year.
    const preload = maxAge >= 31_536_000 ? '; preload' : ''
    headers['strict-transport-security'] = `max-age=${maxAge}; includeSubDomains${preload}`
  }
  if (policy.reportingEndpoints !== undefined) {
    headers['reporting-endpoints'] = Object.entries(policy.reportingEndpoints)
      .map(([name, url]) => `${name}="${url}"`)
      .join(', ')
  }
  for (const [name, value] of Object.entries(policy.override ?? {})) {
    if (value === null) delete headers[name]
    else headers[name] = value
  }
  return headers
}
