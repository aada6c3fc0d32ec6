// Every template in one table; nothing below lists them again.
import { invalidMail } from '../mail-error.ts'
import { type AccountMessageProps, accountMessage } from './account-message.ts'
import { type MagicLinkProps, magicLink } from './magic-link.ts'
import type { RenderedMail } from './mail-document.ts'
import { mailLimits } from './mail-limits.ts'
import { type WorkflowMessageProps, workflowMessage } from './workflow-message.ts'

/** A template's name with what it is filled with. */
export type MailContent =
  | { readonly template: 'magic-link'; readonly props: MagicLinkProps }
  | { readonly template: 'account-message'; readonly props: AccountMessageProps }
  | { readonly template: 'workflow-message'; readonly props: WorkflowMessageProps }

export type MailTemplate = MailContent['template']

interface PreparedMail extends RenderedMail {
  /** After this moment (epoch milliseconds) the mail is useless: neither sent nor kept. */
  readonly expiresAt: number | undefined
  readonly priority: 'high' | 'normal'
}

/**
 * Fills the template and checks what came out.
 *
 * @throws MailError `mail_invalid`
 */
export function renderMail(content: MailContent): PreparedMail {
  const prepared = fill(content)
  const subject = checkSubject(prepared.subject)
  const text = clean(prepared.text)
  const html = clean(prepared.html)
  if (Buffer.byteLength(text) + Buffer.byteLength(html) > mailLimits.bodyBytes) {
    throw invalidMail('body', `is larger than ${mailLimits.bodyBytes} octets`)
  }
  return { ...prepared, subject, text, html }
}

function fill(content: MailContent): PreparedMail {
  switch (content.template) {
    case 'magic-link':
      return { ...magicLink(content.props), expiresAt: content.props.expiresAt, priority: 'high' }
    case 'account-message':
      return {
        ...accountMessage(content.props),
        expiresAt: content.props.action?.expiresAt ?? content.props.code?.expiresAt,
        priority: 'high',
      }
    case 'workflow-message':
      return { ...workflowMessage(content.props), expiresAt: undefined, priority: 'normal' }
  }
}

/** A line break in a subject starts a new header: the classic injection. Refused, so that the writer notices. */
function checkSubject(subject: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(subject)) {
    throw invalidMail('subject', 'must be one line without control characters')
  }
  const trimmed = subject.trim().toWellFormed()
  if (trimmed === '' || trimmed.length > mailLimits.subjectLength) {
    throw invalidMail('subject', `must have 1 to ${mailLimits.subjectLength} characters`)
  }
  return trimmed
}

/** Bodies lose what no mail client shows and PostgreSQL does not store. */
function clean(body: string): string {
  return body.toWellFormed().replace(/[^\P{Cc}\t\n]/gu, '')
}
