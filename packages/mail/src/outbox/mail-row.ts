// The outbox table as the query builder sees it, and as readers see a row.
import type { MailTemplate } from '../templates/render-mail.ts'

/** `kept`: there is no mail server, the outbox is where it is read. */
export type MailState = 'waiting' | 'sent' | 'kept'

export interface MailRow {
  readonly mail_id: string
  readonly workspace_id: string
  readonly job_id: string | null
  readonly dedupe_key: string | null
  readonly state: MailState
  readonly recipient: string
  readonly template: MailTemplate
  readonly subject: string
  readonly body_text: string | null
  readonly body_html: string | null
  readonly last_error: string | null
  readonly request_id: string | null
  readonly created_at: number
  readonly finished_at: number | null
  readonly keep_until: number
}

/** Tables of this package for `handle.tables<MailTables>()`. */
export interface MailTables {
  mail_outbox: MailRow
}

/** A mail in a list: everything but its body. Times are epoch milliseconds. */
export interface StoredMail {
  readonly id: string
  readonly workspaceId: string
  readonly jobId: string | undefined
  readonly state: MailState
  readonly to: string
  readonly template: MailTemplate
  readonly subject: string
  /** Why the last try failed; the job knows whether there will be another. */
  readonly lastError: string | undefined
  readonly createdAt: number
  readonly finishedAt: number | undefined
  readonly keepUntil: number
}

export const storedColumns = [
  'mail_id',
  'workspace_id',
  'job_id',
  'state',
  'recipient',
  'template',
  'subject',
  'last_error',
  'created_at',
  'finished_at',
  'keep_until',
] as const

export function storedMail(row: Pick<MailRow, (typeof storedColumns)[number]>): StoredMail {
  return {
    id: row.mail_id,
    workspaceId: row.workspace_id,
    jobId: row.job_id ?? undefined,
    state: row.state,
    to: row.recipient,
    template: row.template,
    subject: row.subject,
    lastError: row.last_error ?? undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
    keepUntil: row.keep_until,
  }
}
