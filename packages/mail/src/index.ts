// Mail that is accepted with the caller's transaction and sent by a durable job; an outbox where no server is set.
export { type Mailbox, parseMailAddress, parseMailbox } from './address/mail-address.ts'
export { type MailError, type MailErrorCode, mailError } from './mail-error.ts'
export { createMailTask } from './mail-task.ts'
export {
  createMailer,
  type EnqueuedMail,
  type Mail,
  type Mailer,
  type MailJobs,
  mailQueue,
  mailTaskId,
} from './outbox/enqueue-mail.ts'
export { listMails, type MailPage } from './outbox/list-mails.ts'
export type { MailState, StoredMail } from './outbox/mail-row.ts'
export { mailSchema } from './outbox/mail-schema.ts'
export { purgeMails } from './outbox/purge-mails.ts'
export { type ReadableMail, readMail } from './outbox/read-mail.ts'
export type { AccountMessageProps } from './templates/account-message.ts'
export type { MagicLinkProps } from './templates/magic-link.ts'
export { mailStyleSource, type RenderedMail } from './templates/mail-document.ts'
export { mailLimits } from './templates/mail-limits.ts'
export { type MailContent, type MailTemplate, renderMail } from './templates/render-mail.ts'
export type { MailTable, TableCell } from './templates/text-table.ts'
export type { WorkflowMessageProps } from './templates/workflow-message.ts'
export type { DeliveryError, MailTransport, OutgoingMail } from './transport/mail-transport.ts'
export { openMailTransport } from './transport/open-transport.ts'
export { createOutboxTransport } from './transport/outbox-transport.ts'
export { parseSmtpUrl, type SmtpSettings } from './transport/smtp-settings.ts'
export { createSmtpTransport } from './transport/smtp-transport.ts'
