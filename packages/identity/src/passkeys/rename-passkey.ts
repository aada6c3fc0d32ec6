// Gives one of the caller's passkeys another name.
import { renamePasskey as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { requireOwnSession } from '../sessions/require-own-session.ts'
import { type PasskeyFacts, passkeyColumns } from './present-passkey.ts'

export const renamePasskey = defineVerb({
  name: 'auth.passkeys.rename',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.params.extend(contract.body.shape),
  async run(ctx, input): Promise<PasskeyFacts> {
    const { userId } = await requireOwnSession(ctx)
    const id = fromPublicId('psk', input.id) ?? ''
    const row = await ctx.db
      .tables<IdentityTables>()
      .updateTable('passkeys')
      .set({ name: input.name })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning(passkeyColumns)
      .executeTakeFirst()
    if (!row) throw serviceError('not_found', { detail: 'You have no passkey with this identifier.' })
    await ctx.audit({
      action: 'passkey.renamed',
      target: { kind: 'passkey', id },
      personal: { name: input.name },
    })
    return row
  },
})
