// Retention: removes mails whose time is over, sent or not.
import type { SystemTransaction, WorkspaceTransaction } from '@levqor/database'
import type { MailTables } from './mail-row.ts'

/**
 * Call it regularly; a mail past its time is not sent even before it is removed.
 *
 * @param now epoch milliseconds
 * @returns how many were removed
 */
export async function purgeMails(tx: WorkspaceTransaction | SystemTransaction, now: number): Promise<number> {
  const result = await tx
    .tables<MailTables>()
    .deleteFrom('mail_outbox')
    .where('keep_until', '<=', now)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
