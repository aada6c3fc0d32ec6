// The header policy for hosts that serve files as they lie: the same headers as a page behind the guard over HTTPS, but
// nobody is there to make a nonce for each answer.
import { compileHeaders, type HeaderPolicy, type HeaderSet } from '../header-policy.ts'

/**
 * Headers of a site of static files, names in lower case. `script-src` and `style-src` allow files of the site's own
 * origin instead of a nonce, and nothing inline: scripts and styles stand in files. (A hash of each inline script
 * would do as well, and would have to be made anew whenever a page changes.) Development settings are left out, and
 * HSTS and `upgrade-insecure-requests` stand in it: these hosts serve HTTPS.
 * HSTS asks for a place on browsers' preload lists as behind the guard, unless told not to: that binds the whole domain.
 * @throws Error for a value that no header can hold
 */
export function staticHeaders(
  policy: HeaderPolicy = {},
  { preload = true }: { readonly preload?: boolean } = {},
): HeaderSet {
  const mark = 'static'
  const production = { ...policy, pageCsp: { ...policy.pageCsp, development: false } }
  const headers = { ...compileHeaders(production).answer('page', true, mark) }
  const csp = headers['content-security-policy']
  // An override is the operator's own word and stays as it is.
  if (csp !== undefined && policy.override?.['content-security-policy'] === undefined) {
    headers['content-security-policy'] = withoutNonce(csp, mark)
  }
  const hsts = headers['strict-transport-security']
  if (hsts !== undefined && !preload && policy.override?.['strict-transport-security'] === undefined) {
    headers['strict-transport-security'] = hsts.replace('; preload', '')
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[a-z0-9-]+$/.test(name) || !/^[\x20-\x7e]+$/.test(value)) {
      throw new Error(
        `The header ${JSON.stringify(name)} cannot be written: it is not printable ASCII on one line.`,
      )
    }
  }
  return headers
}

function withoutNonce(csp: string, nonce: string): string {
  return csp
    .split('; ')
    .map((directive) => {
      const [name = '', ...sources] = directive.split(' ')
      const kept = sources.filter((source) => source !== `'nonce-${nonce}'` && source !== "'strict-dynamic'")
      if (name === 'script-src' && !kept.includes("'self'")) kept.unshift("'self'")
      return [name, ...kept].join(' ')
    })
    .join('; ')
}
