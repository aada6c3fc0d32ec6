// The accounts of the installation, newest first.
import { listUsers as contract } from '@levqor/client'
import { decodeCursor, encodeCursor } from '@levqor/database'
import { defineVerb } from '../services.ts'
import { type UserFacts, userColumns } from './user-facts.ts'

export interface UserPage {
  readonly items: readonly UserFacts[]
  readonly nextCursor: string | null
}

export const listUsers = defineVerb({
  name: 'users.list',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'users:read' },
  input: contract.query,
  async run({ db }, { cursor, limit, email = '' }): Promise<UserPage> {
    // As written, without patterns of its own: an underscore is common in addresses.
    const part = `%${email.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    const before = cursor === undefined ? undefined : decodeCursor(cursor, ['string'])[0]
    const rows = await db.query<UserFacts>(
      `SELECT ${userColumns.join(', ')} FROM users
       WHERE email LIKE $1 ESCAPE '\\' ${before === undefined ? '' : 'AND id < $3'}
       ORDER BY id DESC LIMIT $2`,
      [part, limit + 1, ...(before === undefined ? [] : [before])],
    )
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null }
  },
})
