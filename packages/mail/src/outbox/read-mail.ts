// One mail with its body, for the outbox page.
import type { SystemReader, WorkspaceReader } from '@levqor/database'
import { type MailTables, type StoredMail, storedColumns, storedMail } from './mail-row.ts'

export interface ReadableMail extends StoredMail {
  /**
   * Present only where the outbox is the place to read it (`kept`). A mail that waits for a mail server is for
   * its recipient's eyes: its sign-in link would let any reader sign in as somebody else.
   */
  readonly body: { readonly text: string; readonly html: string } | undefined
}

/** Undefined when there is no such mail, or it belongs to another workspace than the handle. */
export async function readMail(
  handle: WorkspaceReader | SystemReader,
  mailId: string,
): Promise<ReadableMail | undefined> {
  const row = await handle
    .tables<MailTables>()
    .selectFrom('mail_outbox')
    .select([...storedColumns, 'body_text', 'body_html'])
    .where('mail_id', '=', mailId)
    .executeTakeFirst()
  if (!row) return undefined
  const { body_text: text, body_html: html } = row
  const readable = row.state === 'kept' && text !== null && html !== null
  return { ...storedMail(row), body: readable ? { text, html } : undefined }
}
