// Accepts a mail: the row in the outbox and the job that sends it, in the caller's transaction.
import type { SystemTransaction, WorkspaceTransaction } from '@levqor/database'
import { type EnqueueResult, type EnqueueSpec, platformWorkspaceId } from '@levqor/jobs'
import { parseMailAddress } from '../address/mail-address.ts'
import { invalidMail } from '../mail-error.ts'
import { mailLimits } from '../templates/mail-limits.ts'
import { type MailContent, renderMail } from '../templates/render-mail.ts'
import type { MailTables } from './mail-row.ts'

/** The task that sends, and the kind of its jobs. */
export const mailTaskId = 'mail.send'

/**
 * Mail has a queue of its own, so that a sign-in link never waits behind long workflows: give it a runner with a
 * few places of its own.
 */
export const mailQueue = 'mail'

const weekMs = 7 * 86_400_000

/**
 * Greylisting servers say "not now" for five minutes or more, so the ladder reaches further than the jobs'
 * default: six tries in about two and a half hours.
 */
const retryDelaysMs = [5_000, 30_000, 300_000, 1_800_000, 7_200_000] as const

export type Mail = MailContent & {
  /** One address; several recipients are several mails, so that they do not see each other. */
  readonly to: string
  /**
   * Whose mail it is. Default: the transaction's workspace; on a system transaction, or with null, the platform's.
   */
  readonly workspaceId?: string | null
  /** A second mail with this key in the workspace is not sent; the first one is returned. Kept with the mail. */
  readonly dedupeKey?: string
  /** Job that caused the mail. */
  readonly parentJobId?: string
  /** Correlation id, passed on to the job and into the mail's headers. */
  readonly requestId?: string
}

export interface EnqueuedMail {
  readonly mailId: string
  readonly jobId: string
  /** True when the dedupe key had been used. */
  readonly replayed: boolean
}

/** What is used of the job store. */
export interface MailJobs {
  enqueue(tx: WorkspaceTransaction | SystemTransaction, spec: EnqueueSpec): Promise<EnqueueResult>
}

export interface Mailer {
  /**
   * Mail and job are on disk with the caller's commit, or neither is. Rendering and checking happen here, so a
   * caller learns at once that a mail cannot be sent.
   *
   * @throws MailError `mail_invalid`; JobsError `queue_full`
   * @example await mailer.enqueueMail(tx, { to: user.email, template: 'magic-link', props: { url, expiresAt } })
   */
  enqueueMail(tx: WorkspaceTransaction | SystemTransaction, mail: Mail): Promise<EnqueuedMail>
}

export function createMailer(parts: {
  readonly jobs: MailJobs
  readonly clock: { now(): number }
  readonly ids: { next(): string }
}): Mailer {
  const { jobs, clock, ids } = parts
  return {
    async enqueueMail(tx, mail) {
      const recipient = parseMailAddress(mail.to)
      const { dedupeKey = null, requestId } = mail
      if (dedupeKey !== null && (dedupeKey === '' || dedupeKey.length > mailLimits.dedupeKeyLength)) {
        throw invalidMail('dedupeKey', `must have 1 to ${mailLimits.dedupeKeyLength} characters`)
      }
      if (requestId !== undefined && !/^[\x21-\x7e]{1,128}$/.test(requestId)) {
        throw invalidMail('requestId', 'must be 1 to 128 visible ASCII characters')
      }
      const rendered = renderMail(mail)
      const now = clock.now()
      const mailId = ids.next()
      const workspaceId = workspaceOf(tx, mail)
      const tables = tx.tables<MailTables>()
      const inserted = await tables
        .insertInto('mail_outbox')
        .values({
          mail_id: mailId,
          workspace_id: workspaceId,
          job_id: null,
          dedupe_key: dedupeKey,
          state: 'waiting',
          recipient,
          template: mail.template,
          subject: rendered.subject,
          body_text: rendered.text,
          body_html: rendered.html,
          last_error: null,
          request_id: requestId ?? null,
          created_at: now,
          finished_at: null,
          keep_until: Math.min(now + weekMs, rendered.expiresAt ?? Number.POSITIVE_INFINITY),
        })
        .onConflict((conflict) =>
          conflict.columns(['workspace_id', 'dedupe_key']).where('dedupe_key', 'is not', null).doNothing(),
        )
        .executeTakeFirst()
      if (Number(inserted.numInsertedOrUpdatedRows ?? 0) === 0) {
        const first = await tables
          .selectFrom('mail_outbox')
          .select(['mail_id', 'job_id'])
          .where('workspace_id', '=', workspaceId)
          .where('dedupe_key', '=', dedupeKey)
          .executeTakeFirstOrThrow()
        return { mailId: first.mail_id, jobId: first.job_id ?? '', replayed: true }
      }
      const { jobId } = await jobs.enqueue(tx, {
        workspaceId,
        kind: mailTaskId,
        queue: mailQueue,
        // The body stays in the outbox: payloads are kept for weeks and shown to people.
        payload: { mailId },
        priority: rendered.priority,
        retryDelaysMs,
        ...(mail.parentJobId === undefined ? {} : { parentId: mail.parentJobId }),
        ...(requestId === undefined ? {} : { requestId }),
      })
      await tables.updateTable('mail_outbox').set({ job_id: jobId }).where('mail_id', '=', mailId).execute()
      return { mailId, jobId, replayed: false }
    },
  }
}

function workspaceOf(tx: WorkspaceTransaction | SystemTransaction, mail: Mail): string {
  if (mail.workspaceId !== undefined) return mail.workspaceId ?? platformWorkspaceId
  return 'workspaceId' in tx ? tx.workspaceId : platformWorkspaceId
}
