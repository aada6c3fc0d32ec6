// The caller's passkeys.
import { z } from 'zod'
import { requireUser } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { type PasskeyFacts, passkeyColumns } from './present-passkey.ts'

export const listPasskeys = defineVerb({
  name: 'auth.passkeys.list',
  kind: 'read',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: z.strictObject({}),
  async run({ db, actor, services }): Promise<{ readonly items: PasskeyFacts[]; readonly most: number }> {
    requireUser(actor)
    const items = await db
      .tables<IdentityTables>()
      .selectFrom('passkeys')
      .select(passkeyColumns)
      .where('user_id', '=', actor.id)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return { items, most: services.identity.policy.passkeysPerPerson }
  },
})
