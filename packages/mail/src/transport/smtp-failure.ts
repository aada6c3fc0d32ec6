// What an SMTP failure means (RFC 5321 section 4.2.1) and what may be told about it.
import { mailError } from '../mail-error.ts'
import type { DeliveryError } from './mail-transport.ts'

/** The facts that nodemailer puts on its errors. */
interface SmtpFacts {
  readonly message: string
  readonly code: string
  readonly command: string
  readonly reply: string
  readonly replyCode: number | undefined
}

// 530, 534, 535, 538 speak of logging in (RFC 4954): our settings are wrong, not the message. 503 is a session
// that lost step. All of them are worth another try, on a new connection and perhaps with mended settings.
const aboutTheSession: ReadonlySet<number> = new Set([503, 530, 534, 535, 538])

/**
 * 5yz about this message is final, 4yz passes, and everything before the message (connection, TLS, login) passes
 * too: it says nothing about the mail. The original error is not attached: replies quote addresses, and whatever
 * is attached ends up in logs.
 */
export function smtpFailure(error: unknown): DeliveryError {
  const facts = factsOf(error)
  const { replyCode, command } = facts
  const aboutMessage = ['MAIL FROM', 'RCPT TO', 'DATA'].includes(command)
  const reply = facts.reply === '' ? '' : `: ${withoutPrivateParts(facts.reply)}`
  if (aboutMessage && replyCode !== undefined && replyCode < 500) {
    return failure('mail_deferred', `The mail server put the message off${reply}`)
  }
  if (aboutMessage && replyCode !== undefined && !aboutTheSession.has(replyCode)) {
    return failure('mail_refused', `The mail server refused the message${reply}`)
  }
  // The message is larger than the server announced, or the library refused the envelope: no reply to quote.
  if (facts.code === 'EMESSAGE' || facts.code === 'EENVELOPE') {
    if (replyCode === undefined)
      return failure('mail_refused', 'The message cannot be sent to this mail server.')
  }
  if (facts.code === 'EAUTH' || command.startsWith('AUTH') || aboutMessage) {
    // Replies to a login may quote what was sent: none of it is repeated.
    return failure(
      'mail_server_failed',
      `The mail server refused the login of SMTP_URL (${replyCode ?? facts.code}).`,
    )
  }
  const at = reply || `: ${withoutPrivateParts(facts.message)}`
  return failure('mail_server_failed', `The mail server could not be used (${facts.code})${at}`)
}

function failure(code: DeliveryError['code'], message: string): DeliveryError {
  // The factory's code is the union of all codes; this one was passed in.
  return mailError(code, message) as DeliveryError
}

function factsOf(error: unknown): SmtpFacts {
  const from: object = typeof error === 'object' && error !== null ? error : {}
  const text = (name: string): string => {
    const value: unknown = Reflect.get(from, name)
    return typeof value === 'string' ? value : ''
  }
  const replyCode: unknown = Reflect.get(from, 'responseCode')
  return {
    message: text('message'),
    code: text('code') || 'unknown',
    command: text('command'),
    reply: text('response'),
    replyCode: typeof replyCode === 'number' ? replyCode : undefined,
  }
}

/** A server's words on one line, without addresses, links and anything that looks like a token. */
export function withoutPrivateParts(words: string): string {
  return words
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, '[link]')
    .replace(/[^\s<>()[\]:;,"']+@([^\s<>()[\]:;,"']+)/g, '[…@$1]')
    .replace(/[A-Za-z0-9+/_=-]{24,}/g, '[…]')
    .trim()
    .slice(0, 300)
}
