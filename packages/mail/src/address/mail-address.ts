// Addresses as they may stand in an envelope and a header. Strict on purpose: whatever could end a header or name
// a second recipient is refused, not repaired.
import { domainToASCII } from 'node:url'
import { invalidMail, mailError } from '../mail-error.ts'

/** A sender: address and the name shown beside it. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

// dot-atom of RFC 5322 section 3.2.3. Quoted local parts and comments are legal there, unknown in practice,
// and the usual way to smuggle something past a check.
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const domainLabel = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

/**
 * The address, its domain in ASCII form (IDNA). Lengths as in RFC 5321 section 4.5.3.1 and erratum 1690: 64 octets
 * before the @, 254 in all. A single label such as `localhost` is a domain; an IP address is not.
 *
 * @throws MailError `mail_invalid`
 * @example parseMailAddress('ada@bücher.example') // 'ada@xn--bcher-kva.example'
 */
export function parseMailAddress(text: string, field = 'to'): string {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  const given = text.slice(at + 1)
  const domain = isInternational(given) ? domainToASCII(given) : given
  const labels = domain.split('.')
  const right =
    at > 0 &&
    local.length <= 64 &&
    localPart.test(local) &&
    labels.every((label) => domainLabel.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '') &&
    local.length + 1 + domain.length <= 254
  if (!right) throw invalidMail(field, 'must be one plain e-mail address, like ada@example.org')
  return `${local}@${domain}`
}

/**
 * Only such names go through IDNA. The URL rules behind `domainToASCII` silently drop line breaks, decode %41 and
 * read 1.2.3 as an IP address, so a name must be clean before it may be converted.
 */
function isInternational(domain: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII
  return /[^\x00-\x7f]/.test(domain) && /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)
}

/**
 * Reads `Name <address>`, `"Name" <address>` or a bare address.
 *
 * @throws MailError `bad_mail_settings`
 */
export function parseMailbox(text: string): Mailbox {
  const [, quoted, plain, bracketed] = /^\s*(?:"([^"\\]*)"|([^"<>@]*))\s*<([^<>]*)>\s*$/.exec(text) ?? []
  const name = (quoted ?? plain ?? '').trim()
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\x00-\x1f\x7f]/.test(text)) throw new Error('control character')
    return { name, address: parseMailAddress(bracketed ?? text.trim()) }
  } catch {
    throw mailError('bad_mail_settings', 'MAIL_FROM must look like: Levqor <levqor@example.org>')
  }
}
