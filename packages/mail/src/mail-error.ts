// The codes this package throws, and its one factory.

export type MailErrorCode =
  /** The mail breaks a rule and was not accepted. Details: `{ field, rule }`, never the value itself. */
  | 'mail_invalid'
  /** SMTP_URL or MAIL_FROM cannot be used. The message never repeats the value, which may hold a password. */
  | 'bad_mail_settings'
  /** Final: the server said no to this message or recipient (RFC 5321 section 4.2.1, 5yz). */
  | 'mail_refused'
  /** Passing: the server said not now (4yz, greylisting for example). */
  | 'mail_deferred'
  /** Passing: the server could not be reached, spoken to or logged in to. */
  | 'mail_server_failed'
  /** Final: the mail was not sent before its time ran out. */
  | 'mail_expired'

/** An error with a stable code. Messages and details hold no full address, link or secret. */
export interface MailError extends Error {
  readonly code: MailErrorCode
  readonly details?: unknown
}

export function mailError(code: MailErrorCode, message: string, details?: unknown): MailError {
  return Object.assign(new Error(message), { code, ...(details === undefined ? {} : { details }) })
}

/** What a caller wrote into `field` breaks `rule`. */
export function invalidMail(field: string, rule: string): MailError {
  return mailError('mail_invalid', `The mail's ${field} ${rule}.`, { field, rule })
}
