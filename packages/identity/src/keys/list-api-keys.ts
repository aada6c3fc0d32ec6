// The keys of the workspace, newest first, revoked ones included.
import { listApiKeys as contract } from '@levqor/client'
import { decodeCursor } from '@levqor/database'
import { type Page, pageOf } from '../page.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { type ApiKeyFacts, apiKeyColumns } from './present-api-key.ts'

export const listApiKeys = defineVerb({
  name: 'api-keys.list',
  kind: 'read',
  access: { actors: ['user', 'apiKey'], role: 'member', scope: 'api-keys:read' },
  input: contract.query,
  async run({ db }, { cursor, limit }): Promise<Page<ApiKeyFacts>> {
    let query = db.tables<IdentityTables>().selectFrom('api_keys').select(apiKeyColumns)
    if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0])
    const rows = await query
      // UUIDv7: the order of making.
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit)
  },
})
