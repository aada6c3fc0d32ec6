// What browsers report about broken content policies. Anybody can post such a report, and pages' addresses hold what
// must not be kept, so a report is read as hostile text and shrinks to a few words: directive, origin, route.
import type { EventDetails } from '../events/catalogue.ts'

/** One violation, without query, path or anything else that says something about a person. */
export interface CspViolation {
  /** The directive that was broken, such as `script-src-elem`. */
  readonly directive: string
  /** `inline`, `eval`, a scheme, or the origin of what was blocked. */
  readonly blocked: string
  /** The page's path; only for looking up its route, never to be kept. */
  readonly pagePath: string
  readonly disposition: 'enforce' | 'report'
}

/** A body above it is not read. */
export const longestCspReport = 65_536
const mostReports = 20

/**
 * Reads both forms: `application/csp-report` (one, from `report-uri`) and `application/reports+json` (a list, from
 * `report-to`). What is no report is left out. Never throws.
 * @example
 * const violations = parseCspReports(request.headers['content-type'], body)
 */
export function parseCspReports(contentType: string | undefined, body: string | Uint8Array): CspViolation[] {
  if (body.length > longestCspReport) return []
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const parsed = parseJson(text)
  if (type === 'application/csp-report') return readAll([field(parsed, 'csp-report')], legacyNames)
  if (type !== 'application/reports+json' || !Array.isArray(parsed)) return []
  const reports = parsed.filter((report) => field(report, 'type') === 'csp-violation')
  return readAll(
    reports.slice(0, mostReports).map((report) => field(report, 'body')),
    reportingNames,
  )
}

/** The event of a violation; `page` is the route of the page, or nothing if it has none. */
export function cspEventDetails(violation: CspViolation, page: string | undefined): EventDetails {
  const { directive, blocked, disposition } = violation
  // Floods are merged by `reason`, so it can only be one of few.
  return { reason: directive, blocked, disposition, ...(page === undefined ? {} : { page }) }
}

/** CSP Level 3 section 6 and Trusted Types; anything else is somebody's own text. */
const directives: ReadonlySet<string> = new Set([
  ...['default-src', 'script-src', 'script-src-elem', 'script-src-attr', 'style-src', 'style-src-elem'],
  ...['style-src-attr', 'img-src', 'font-src', 'connect-src', 'media-src', 'object-src', 'child-src'],
  ...['frame-src', 'worker-src', 'manifest-src', 'base-uri', 'form-action', 'frame-ancestors', 'sandbox'],
  ...['require-trusted-types-for', 'trusted-types'],
])
const blockedWords: ReadonlySet<string> = new Set([
  ...['inline', 'eval', 'wasm-eval', 'data', 'blob', 'self', 'trusted-types-policy', 'trusted-types-sink'],
])

const legacyNames = {
  directive: 'effective-directive',
  older: 'violated-directive',
  blocked: 'blocked-uri',
  page: 'document-uri',
} as const
const reportingNames = {
  directive: 'effectiveDirective',
  older: 'effectiveDirective',
  blocked: 'blockedURL',
  page: 'documentURL',
} as const

function readAll(
  bodies: readonly unknown[],
  names: typeof legacyNames | typeof reportingNames,
): CspViolation[] {
  return bodies.flatMap((body) => {
    const named = field(body, names.directive) ?? field(body, names.older)
    const directive = typeof named === 'string' ? named.split(' ', 1)[0] : undefined
    if (directive === undefined || !directives.has(directive)) return []
    const disposition = field(body, 'disposition') === 'report' ? 'report' : 'enforce'
    const blocked = shorten(field(body, names.blocked))
    return [{ directive, blocked, pagePath: pathOf(field(body, names.page)), disposition } as const]
  })
}

/** `https://evil.example/x?token=…` → `https://evil.example`; `inline`, `eval`, `data` stay; the rest is `other`. */
function shorten(blocked: unknown): string {
  if (typeof blocked !== 'string' || blocked.length > 2048) return 'other'
  if (blockedWords.has(blocked)) return blocked
  if (!URL.canParse(blocked)) return 'other'
  const { origin, protocol, hostname } = new URL(blocked)
  return origin === 'null' || hostname.length > 100 ? protocol.slice(0, 20) : origin
}

function pathOf(page: unknown): string {
  return typeof page === 'string' && page.length <= 2048 && URL.canParse(page) ? new URL(page).pathname : ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}
