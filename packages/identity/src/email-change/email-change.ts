// A change of address as its two rows: one token for each mailbox, tied together by the change’s id. Used means confirmed,
// unless the row says that the change was withdrawn. All that changes them holds the person first, so that they take turns.
import type { SystemReader, SystemTransaction } from '@levqor/database'
import { decodeTokenData, encodeTokenData, type TokenData } from '../one-time-tokens/token-data.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'

export interface EmailChangeRow {
  readonly id: string
  readonly token_hash: string
  readonly used_at: number | null
  readonly created_at: number
  readonly expires_at: number
  readonly data: TokenData<'change-email'>
}

/** Every row of the person’s changes that is still kept. */
async function changesOf(db: SystemReader | SystemTransaction, userId: string): Promise<EmailChangeRow[]> {
  const rows = await db
    .tables<IdentityTables>()
    .selectFrom('one_time_tokens')
    .select(['id', 'token_hash', 'used_at', 'created_at', 'expires_at', 'data'])
    .where('user_id', '=', userId)
    .where('purpose', '=', 'change-email')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, data: decodeTokenData('change-email', row.data) }))
}

export interface PendingChange {
  readonly email: string
  readonly confirmed: { readonly old: boolean; readonly new: boolean }
  readonly expiresAt: number
  readonly rows: readonly EmailChangeRow[]
}

/** The change that waits for a mailbox; there is at most one. */
export async function pendingChange(
  db: SystemReader | SystemTransaction,
  userId: string,
  now: number,
): Promise<PendingChange | undefined> {
  const rows = await changesOf(db, userId)
  const open = rows.findLast((row) => row.used_at === null && row.expires_at > now)
  if (!open) return undefined
  const both = rows.filter((row) => row.data.change === open.data.change)
  const confirmed = (mailbox: 'old' | 'new') =>
    both.some((row) => row.data.mailbox === mailbox && row.used_at !== null)
  return {
    email: open.data.to,
    confirmed: { old: confirmed('old'), new: confirmed('new') },
    expiresAt: open.expires_at,
    rows: both,
  }
}

/** Voids the links of the change that waits, if there is one. Hold the person first. @returns whether there was */
export async function withdrawPending(db: SystemTransaction, userId: string, now: number): Promise<boolean> {
  const pending = await pendingChange(db, userId, now)
  for (const { id, data } of pending?.rows ?? []) {
    await db
      .tables<IdentityTables>()
      .updateTable('one_time_tokens')
      .set({ used_at: now, data: encodeTokenData('change-email', { ...data, withdrawn: true }) })
      .where('id', '=', id)
      .execute()
  }
  return pending !== undefined
}
