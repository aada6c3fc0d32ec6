// The job that takes one mail from the outbox to its transport.
import type { Database } from '@levqor/database'
import { defineTask, type Task, taskError } from '@levqor/jobs'
import { mailTaskId } from './outbox/enqueue-mail.ts'
import type { MailTables } from './outbox/mail-row.ts'
import type { DeliveryError, MailTransport } from './transport/mail-transport.ts'

/**
 * At least once: a process that dies between the server's "accepted" and our commit sends again, with the same
 * Message-ID, by which receivers recognise the double. SMTP offers nothing stronger. A mail that is marked as
 * delivered is never sent again, and none is sent past its time.
 */
export function createMailTask(parts: {
  readonly database: Database
  readonly transport: MailTransport
  readonly clock: { now(): number }
}): Task {
  const { database, transport, clock } = parts
  return defineTask({
    id: mailTaskId,
    timeoutMs: 60_000,
    async run({ job, payload, signal }) {
      const mailId = mailIdOf(payload)
      const workspace = database.workspace(job.workspaceId)
      const row = await workspace.read
        .tables<MailTables>()
        .selectFrom('mail_outbox')
        .selectAll()
        .where('mail_id', '=', mailId)
        .executeTakeFirst()
      // Delivered, and only the job's own settlement was lost.
      if (row && row.state !== 'waiting') return { kind: 'succeeded', result: { delivery: row.state } }
      if (!row || row.keep_until <= clock.now() || row.body_text === null || row.body_html === null) {
        throw taskError({
          code: 'mail_expired',
          message: 'The mail was not sent before its time ran out.',
          final: true,
        })
      }
      try {
        await transport.send(
          {
            id: row.mail_id,
            to: row.recipient,
            subject: row.subject,
            text: row.body_text,
            html: row.body_html,
            createdAt: row.created_at,
            requestId: row.request_id ?? undefined,
          },
          signal,
        )
      } catch (error) {
        if (!isDeliveryError(error)) throw error
        const { code, message } = error
        await workspace.transaction((tx) =>
          tx
            .tables<MailTables>()
            .updateTable('mail_outbox')
            .set({ last_error: message })
            .where('mail_id', '=', mailId)
            .execute(),
        )
        throw taskError({ code, message, final: code === 'mail_refused' })
      }
      const { outcome } = transport
      return {
        kind: 'succeeded',
        result: { delivery: outcome },
        async also(tx) {
          await tx
            .tables<MailTables>()
            .updateTable('mail_outbox')
            .set({
              state: outcome,
              finished_at: clock.now(),
              last_error: null,
              // A server has it now: what can sign somebody in need not lie here any longer.
              ...(outcome === 'sent' ? { body_text: null, body_html: null } : {}),
            })
            .where('mail_id', '=', mailId)
            .where('workspace_id', '=', job.workspaceId)
            .execute()
        },
      }
    },
  })
}

function mailIdOf(payload: unknown): string {
  const id: unknown =
    typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'mailId') : undefined
  if (typeof id === 'string') return id
  throw taskError({ code: 'mail_invalid', message: 'The job names no mail.', final: true })
}

function isDeliveryError(error: unknown): error is DeliveryError {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'mail_refused' || error.code === 'mail_deferred' || error.code === 'mail_server_failed')
  )
}
