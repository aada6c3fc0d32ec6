// Delivery to a mail server over SMTP (nodemailer).
import { createTransport } from 'nodemailer'
import type { Mailbox } from '../address/mail-address.ts'
import type { MailTransport } from './mail-transport.ts'
import { smtpFailure } from './smtp-failure.ts'
import type { SmtpSettings } from './smtp-settings.ts'

/**
 * One connection per mail: a mail's failure is its own, nothing idles, and the job engine, not the library,
 * decides about another try.
 */
export function createSmtpTransport(options: {
  readonly settings: SmtpSettings
  readonly from: Mailbox
}): MailTransport {
  const { settings, from } = options
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  const { login } = settings
  const transporter = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    requireTLS: settings.tls === 'required',
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
    // Our name in EHLO. The machine's own would tell every recipient how our hosts are called.
    name: domain,
    // All below the 60 s that a try of a job may last.
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    // Nothing in a mail may make the library read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  })
  return {
    outcome: 'sent',
    async send(mail, signal) {
      try {
        await transporter.sendMail({
          signal,
          messageId: `<${mail.id}@${domain}>`,
          date: new Date(mail.createdAt),
          from: { name: from.name, address: from.address },
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: {
            // Keeps out-of-office replies from answering a machine (RFC 3834 section 5).
            'Auto-Submitted': 'auto-generated',
            ...(mail.requestId === undefined ? {} : { 'X-Request-Id': mail.requestId }),
          },
        })
      } catch (error) {
        throw smtpFailure(error)
      }
    },
  }
}
