// Mail domains that hand out addresses for ten minutes. A hint, not a verdict: such a sign-up is held for review.
import { domainToASCII } from 'node:url'
import { guardError } from '../errors.ts'

/** Whether an address, or a bare domain, belongs to a disposable mail service. Never throws. */
export type IsDisposableMail = (email: string) => boolean

const longestDomain = 253

/**
 * Asks a set of domains in lower case, punycode for international ones. Subdomains count: `a.b.example` is disposable
 * when `b.example` is.
 */
export function disposableMailIn(domains: ReadonlySet<string>): IsDisposableMail {
  return (email) => {
    const given = email.slice(email.lastIndexOf('@') + 1).trim()
    if (given.length > longestDomain) return false
    let domain = domainToASCII(given).replace(/\.$/, '')
    while (domain.includes('.')) {
      if (domains.has(domain)) return true
      domain = domain.slice(domain.indexOf('.') + 1)
    }
    return false
  }
}

/**
 * Loads the list of the npm package disposable-email-domains-js (an optional peer, 0.2 MB).
 * @throws GuardError `package_missing`
 * @example
 * const isDisposableMail = await loadDisposableMail()
 */
export async function loadDisposableMail(): Promise<IsDisposableMail> {
  const found = await import('disposable-email-domains-js').catch((error: unknown) => {
    const message = 'Install the list of disposable mail domains: npm install disposable-email-domains-js.'
    throw guardError('package_missing', message, { cause: String(error) })
  })
  return disposableMailIn(found.disposableEmailBlocklistSet())
}
