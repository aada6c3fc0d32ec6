// Content-Security-Policy: what a page may load and run. Nonce and strict-dynamic, so no list of hosts to bypass;
// nothing inline, nothing evaluated.
import { randomBytes } from 'node:crypto'

/** Additions to the page policy, by directive. Script sources cannot be added: scripts are trusted by nonce. */
export interface PageCspOptions {
  readonly add?: Partial<Record<AddableDirective, readonly string[]>>
  /** Trusted Types policies the pages may create; when given, DOM sinks accept nothing else. */
  readonly trustedTypes?: readonly string[]
  /** Name of the endpoint in `reportingEndpoints` that violation reports go to. */
  readonly reportTo?: string
  /** Upgrade plain sub-resources. Only sent on HTTPS answers. */
  readonly upgradeInsecureRequests?: boolean
  /**
   * Allows what a front-end's development server needs: evaluation and web sockets. Refused where HTTPS is required.
   * Inline styles stay refused here too: hand the nonce to the bundler (Vite `html.cspNonce`; Next reads it itself).
   */
  readonly development?: boolean
}

/** Directives that an application may widen. */
export const addableDirectives = [
  'style-src',
  'img-src',
  'font-src',
  'connect-src',
  'media-src',
  'worker-src',
  'frame-src',
  'form-action',
] as const
type AddableDirective = (typeof addableDirectives)[number]

/** What an API answer may do when a browser opens it: nothing. */
export const apiCsp = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** A fresh 128-bit nonce for one page. */
export function createNonce(): string {
  return randomBytes(16).toString('base64')
}

/**
 * Compiles the page policy to a function of the nonce. `reportUri` is where `reportTo` leads, for browsers that do not
 * know the Reporting API.
 */
export function compilePageCsp(options: PageCspOptions = {}, reportUri?: string): (nonce: string) => string {
  const mark = '{nonce}'
  const development = options.development === true
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'self'"],
    'script-src': [`'nonce-${mark}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    'style-src': ["'self'", `'nonce-${mark}'`],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...(development ? ['ws:', 'wss:'] : [])],
    'media-src': ["'self'"],
    'worker-src': ["'self'"],
    'frame-src': ["'none'"],
    'form-action': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
  }
  for (const [name, sources] of Object.entries(options.add ?? {})) {
    const known = (directives[name] ?? []).filter((source) => source !== "'none'")
    directives[name] = [...known, ...sources]
  }
  const parts = Object.entries(directives).map(([name, sources]) => `${name} ${sources.join(' ')}`)
  if (options.trustedTypes !== undefined) {
    parts.push(
      `trusted-types ${options.trustedTypes.join(' ')}`.trimEnd(),
      "require-trusted-types-for 'script'",
    )
  }
  if (options.upgradeInsecureRequests === true) parts.push('upgrade-insecure-requests')
  if (reportUri !== undefined) parts.push(`report-uri ${reportUri}`)
  if (options.reportTo !== undefined) parts.push(`report-to ${options.reportTo}`)
  const pieces = parts.join('; ').split(mark)
  return (nonce) => pieces.join(nonce)
}
