// What makes a header policy wrong: whatever would break the header's syntax, weaken the content policy or contradict
// the transport rule.
import type { PolicyProblem, TransportPolicy } from '../policy/policy.ts'
import { addableDirectives, type PageCspOptions } from './csp.ts'
import type { HeaderPolicy } from './header-policy.ts'

type Say = (code: string, at: string, fix: string) => void

const token = /^[!#$%&'*+.^`|~\w-]+$/
// RFC 9110 section 5.5, without the obsolete characters above ASCII.
const fieldValue = /^[\x20-\x7e]*$/
const referrerPolicies: ReadonlySet<string> = new Set([
  'no-referrer',
  'no-referrer-when-downgrade',
  'origin',
  'origin-when-cross-origin',
  'same-origin',
  'strict-origin',
  'strict-origin-when-cross-origin',
])

/** Problems of the header policy, also in the light of the transport rule. */
export function checkHeaderPolicy(
  policy: HeaderPolicy,
  path: string,
  plainHttp: TransportPolicy['plainHttp'],
): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const say: Say = (code, at, fix) => problems.push({ code, path: `${path}.${at}`, fix })
  checkPageCsp(policy, plainHttp === 'require-https', say)
  const maxAge = policy.hstsMaxAgeSeconds
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= 0)) {
    say('hsts_max_age', 'hstsMaxAgeSeconds', 'Use whole seconds; 0 leaves the header out.')
  } else if (maxAge !== undefined && maxAge > 0 && plainHttp === 'allow') {
    const fix =
      'Plain HTTP is allowed, but browsers are told never to use it: leave it out, or require HTTPS.'
    say('transport_hsts', 'hstsMaxAgeSeconds', fix)
  }
  if (policy.referrerPolicy !== undefined && !referrerPolicies.has(policy.referrerPolicy)) {
    say('referrer_policy', 'referrerPolicy', `Use one of: ${[...referrerPolicies].join(', ')}.`)
  }
  for (const [feature, who] of Object.entries(policy.permissions ?? {})) {
    if (!(/^[a-z][a-z-]*$/.test(feature) && /^(?:\*|\((?:[\w ."':/*-]*)\))$/.test(who))) {
      say('permission_form', `permissions.${feature}`, 'Write who may use it as "()", "(self)" or "*".')
    }
  }
  for (const [name, url] of Object.entries(policy.reportingEndpoints ?? {})) {
    if (!(/^[a-z][a-z0-9_-]*$/.test(name) && /^(?:\/|https:\/\/)[\x21\x23-\x3a\x3c-\x7e]*$/.test(url))) {
      say(
        'report_endpoint',
        `reportingEndpoints.${name}`,
        'Use a short name and a path or an https:// address.',
      )
    }
  }
  for (const [name, value] of Object.entries(policy.override ?? {})) {
    if (!token.test(name) || name !== name.toLowerCase() || (value !== null && !fieldValue.test(value))) {
      say('header_override', `override.${name}`, 'Use a lower-case name and one line of plain text, or null.')
    } else if (name === 'content-security-policy' && value?.includes("'unsafe-")) {
      say('csp_unsafe', `override.${name}`, unsafeFix)
    }
  }
  return problems
}

const unsafeFix = 'Nothing may run or style a page inline: use the nonce of request.guard instead.'

function checkPageCsp(policy: HeaderPolicy, production: boolean, say: Say): void {
  const csp: PageCspOptions = policy.pageCsp ?? {}
  if (csp.development === true && production) {
    say('csp_development', 'pageCsp.development', 'The development variant allows evaluation: leave it out.')
  }
  for (const [directive, sources] of Object.entries(csp.add ?? {})) {
    const at = `pageCsp.add.${directive}`
    if (!addableDirectives.some((known) => known === directive)) {
      say('csp_directive', at, `Only these can be widened: ${addableDirectives.join(', ')}.`)
    }
    for (const source of sources) {
      if (source.includes('unsafe-')) say('csp_unsafe', at, unsafeFix)
      else if (!/^(?:'(?:self|sha(?:256|384|512)-[\w+/=]+)'|[^\s;,'"]+)$/.test(source)) {
        say('csp_source', at, `Write one source per entry, such as https://cdn.example.`)
      }
    }
  }
  for (const name of csp.trustedTypes ?? []) {
    if (!/^(?:'allow-duplicates'|[\w#=/@.%-]+)$/.test(name)) {
      say(
        'csp_trusted_types',
        'pageCsp.trustedTypes',
        'Use the name of a Trusted Types policy: letters, digits and -#=_/@.%.',
      )
    }
  }
  if (csp.reportTo !== undefined && policy.reportingEndpoints?.[csp.reportTo] === undefined) {
    say('csp_report_endpoint', 'pageCsp.reportTo', 'Name an endpoint of reportingEndpoints.')
  }
}
