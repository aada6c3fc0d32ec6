// The transport that the settings ask for.
import { parseMailbox } from '../address/mail-address.ts'
import { mailError } from '../mail-error.ts'
import type { MailTransport } from './mail-transport.ts'
import { createOutboxTransport } from './outbox-transport.ts'
import { parseSmtpUrl } from './smtp-settings.ts'
import { createSmtpTransport } from './smtp-transport.ts'

/**
 * SMTP when SMTP_URL is set (MAIL_FROM then says who sends), otherwise the outbox. Nothing is connected yet.
 *
 * @throws MailError `bad_mail_settings`
 */
export function openMailTransport(settings: {
  readonly smtpUrl?: string | undefined
  readonly from?: string | undefined
}): MailTransport {
  if (!settings.smtpUrl) return createOutboxTransport()
  if (!settings.from) {
    throw mailError('bad_mail_settings', 'SMTP_URL needs MAIL_FROM, like: Levqor <levqor@example.org>')
  }
  return createSmtpTransport({ settings: parseSmtpUrl(settings.smtpUrl), from: parseMailbox(settings.from) })
}
