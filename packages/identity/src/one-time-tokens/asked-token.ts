// What somebody asked to be mailed. The row is written without looking whether the address is known; the token and its mail
// are made after the answer, so that neither the answer nor its time tells whether the address belongs to somebody.
import type { SystemTransaction } from '@levqor/database'
import type { IdentityTables, OneTimeTokenRow, TokenPurpose, UserRow } from '../schema/identity-tables.ts'
import { newToken } from '../secrets/opaque-token.ts'
import type { WriteContext } from '../services.ts'
import { holdMailbox } from './hold-mailbox.ts'
import { insertToken, type NewOneTimeToken } from './insert-token.ts'
import { decodeTokenData } from './token-data.ts'

/** Stands where the digest will be. No digest looks like this, so nobody can use it. */
function askedMark(id: string): string {
  return `asked:${id}`
}

/** Writes the row of a token that is not made yet, and has it made and mailed after the answer. Returns its id. */
export async function askForToken<P extends TokenPurpose>(
  ctx: WriteContext,
  facts: Omit<NewOneTimeToken<P>, 'id' | 'hash'>,
): Promise<string> {
  const { db, ids, services, requestId } = ctx
  const id = ids.next()
  await insertToken(ctx, { ...facts, id, hash: askedMark(id) })
  const kind = facts.purpose === 'change-email' ? 'email-change' : 'one-time-token'
  db.afterCommit(() => services.identity.deliverLater(kind, id, requestId))
  return id
}

export interface AskedToken {
  readonly id: string
  readonly purpose: TokenPurpose
  readonly email: string
  /** Who asked, if that was somebody who was signed in. */
  readonly userId: string | null
  /** For `decodeTokenData`. */
  readonly data: string
  readonly expiresAt: number
  /** Whose address it is. */
  readonly owner: Pick<UserRow, 'id'> | undefined
}

/**
 * What was asked for, with its mailbox held, so that parallel deliveries to it are counted one after the other.
 * @returns undefined when nothing is to be mailed: it was void before it was made, somebody else's mailbox would be flooded
 * from here, or the account is closed and gets no way back in
 */
export async function holdAskedToken(
  { db, services }: Pick<WriteContext, 'db' | 'services'>,
  id: string,
): Promise<AskedToken | undefined> {
  const tables = db.tables<IdentityTables>()
  const asked = await tables
    .selectFrom('one_time_tokens')
    .select(['purpose', 'email', 'user_id', 'data', 'created_at', 'expires_at'])
    .where('id', '=', id)
    .where('token_hash', '=', askedMark(id))
    .where('used_at', 'is', null)
    .executeTakeFirst()
  const email = asked?.email
  if (!asked || !email) return undefined
  const { purpose, user_id: userId, data, created_at: askedAt, expires_at: expiresAt } = asked
  await holdMailbox(db, purpose, email)
  const { mailsPerAddress, mailsWindowMs } = services.identity.policy
  const mailed = await tables
    .selectFrom('one_time_tokens')
    .select(['user_id', 'data'])
    .where('email', '=', email)
    .where('purpose', '=', purpose)
    .where('token_hash', 'not like', askedMark('%'))
    .where('created_at', '>', askedAt - Math.min(mailsWindowMs, expiresAt - askedAt))
    .execute()
  const counted = mailed.filter((row) => countsAgainst({ purpose, user_id: userId, data }, row))
  if (counted.length >= mailsPerAddress) return undefined
  const owner = await tables
    .selectFrom('users')
    .select(['id', 'status'])
    .where('email', '=', email)
    .executeTakeFirst()
  if (owner?.status === 'disabled') return undefined
  return { id, purpose, email, userId, data, expiresAt, owner }
}

/**
 * Whether a mail that was sent counts against another of its purpose to the same mailbox. What a mailbox is asked as the new
 * one of anybody counts together. What it is asked as the old one counts for its own person alone, or strangers who name it
 * as theirs would keep that person from leaving it.
 */
function countsAgainst(
  asked: { readonly purpose: TokenPurpose } & Pick<OneTimeTokenRow, 'user_id' | 'data'>,
  mailed: Pick<OneTimeTokenRow, 'user_id' | 'data'>,
): boolean {
  if (asked.purpose !== 'change-email') return true
  const { mailbox } = decodeTokenData('change-email', asked.data)
  if (decodeTokenData('change-email', mailed.data).mailbox !== mailbox) return false
  return mailbox === 'new' || mailed.user_id === asked.user_id
}

/**
 * Makes the token. Also for a mail that carries none: the row counts as mailed from now on.
 * @param userId whom the token is for, as far as that is known
 * @returns its text; undefined when it became void meanwhile
 */
export async function makeAskedToken(
  db: SystemTransaction,
  { id }: AskedToken,
  userId: string | null,
): Promise<string | undefined> {
  const token = newToken()
  const { numUpdatedRows } = await db
    .tables<IdentityTables>()
    .updateTable('one_time_tokens')
    .set({ token_hash: token.hash, user_id: userId })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1 ? token.text : undefined
}
