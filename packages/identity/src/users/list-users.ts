// The accounts of the installation, newest first.
import { listUsers as contract } from '@levqor/client'
import { decodeCursor } from '@levqor/database'
import { type Page, pageOf } from '../page.ts'
import { defineVerb } from '../services.ts'
import { type UserFacts, userColumns } from './present-user.ts'

export const listUsers = defineVerb({
  name: 'users.list',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['operator'], role: 'owner', scope: 'users:read' },
  input: contract.query,
  async run({ db }, { cursor, limit, email = '' }): Promise<Page<UserFacts>> {
    // As written, without patterns of its own: an underscore is common in addresses.
    const part = `%${email.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    const before = cursor === undefined ? undefined : decodeCursor(cursor, ['string'])[0]
    const rows = await db.query<UserFacts>(
      `SELECT ${userColumns.join(', ')} FROM users
       WHERE email LIKE $1 ESCAPE '\\' ${before === undefined ? '' : 'AND id < $3'}
       ORDER BY id DESC LIMIT $2`,
      [part, limit + 1, ...(before === undefined ? [] : [before])],
    )
    return pageOf(rows, limit)
  },
})
