// The outbox page's list, newest first, without bodies.
import { decodeCursor, encodeCursor, type SystemReader, type WorkspaceReader } from '@levqor/database'
import { type MailTables, type StoredMail, storedColumns, storedMail } from './mail-row.ts'

export interface MailPage {
  readonly mails: readonly StoredMail[]
  /** Missing on the last page. */
  readonly nextCursor: string | undefined
}

/**
 * A workspace-bound handle lists its workspace's mail, a system handle everybody's.
 *
 * @param request.limit 1 to 100, default 20
 * @param request.cursor `nextCursor` of the page before
 * @throws DatabaseError `bad_cursor`
 */
export async function listMails(
  handle: WorkspaceReader | SystemReader,
  request: { readonly limit?: number; readonly cursor?: string } = {},
): Promise<MailPage> {
  const limit = Math.min(Math.max(Math.trunc(request.limit ?? 20), 1), 100)
  let query = handle.tables<MailTables>().selectFrom('mail_outbox').select(storedColumns)
  if (request.cursor !== undefined) {
    const [before] = decodeCursor(request.cursor, ['string'])
    query = query.where('mail_id', '<', before)
  }
  const rows = await query
    .orderBy('mail_id', 'desc')
    .limit(limit + 1)
    .execute()
  const mails = rows.slice(0, limit).map(storedMail)
  const last = mails.at(-1)
  return { mails, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : undefined }
}
