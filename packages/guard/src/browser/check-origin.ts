// Cross-site request forgery: a browser sends cookies along with requests other sites started. Every unsafe method
// must show that it came from our own pages, whatever its content type. Fetch Metadata first, Origin where a browser
// does not send it, the policy where neither is there (old browsers and programs).

/** What counts as our own pages. */
export interface OriginPolicy {
  /** Exact origins of our own pages, such as `https://app.example`. */
  readonly origins: readonly string[]
  /** Requests with neither Fetch Metadata nor Origin (default `deny`). */
  readonly unknown?: 'deny' | 'allow'
}

/** `none`: the request says nothing about where it came from. */
type OriginFinding = 'own' | 'foreign' | 'unknown'

/** Judges where a request came from. */
export type OriginJudge = (headers: OriginHeaders) => OriginFinding

/** The two headers that tell. */
interface OriginHeaders {
  readonly 'sec-fetch-site'?: string | readonly string[] | undefined
  readonly origin?: string | readonly string[] | undefined
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a method may change something (RFC 9110 section 9.2.1). Unknown methods may. */
export function isUnsafeMethod(method: string): boolean {
  return !safeMethods.has(method)
}

/** Compiles the list of own origins. */
export function createOriginJudge(policy: OriginPolicy): OriginJudge {
  const own: ReadonlySet<unknown> = new Set(policy.origins)
  return (headers) => {
    const site = headers['sec-fetch-site']
    const origin = headers.origin
    if (site === 'same-origin') return 'own'
    // 'none': the user typed the address or followed a bookmark; no site started it.
    if (site === 'none' && (origin === undefined || origin === 'null')) return 'own'
    // 'same-site' is not enough: a sibling subdomain may be somebody else's.
    if (origin !== undefined) return own.has(origin) ? 'own' : 'foreign'
    return site === undefined ? 'unknown' : 'foreign'
  }
}
