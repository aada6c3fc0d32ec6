// The caller's accounts at providers.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import type { ExternalIdentityRow, IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'

export type IdentityFacts = Pick<
  ExternalIdentityRow,
  'id' | 'provider' | 'email' | 'created_at' | 'last_used_at'
> & { readonly name: string }

export const listIdentities = defineVerb({
  name: 'auth.identities.list',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run({ db, actor, services }): Promise<readonly IdentityFacts[]> {
    requireUser(actor)
    const { providers } = services.identity
    const rows = await db
      .tables<IdentityTables>()
      .selectFrom('external_identities')
      .select(['id', 'provider', 'email', 'created_at', 'last_used_at'])
      .where('user_id', '=', actor.id)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => ({ ...row, name: providers.get(row.provider)?.name ?? row.provider }))
  },
})
