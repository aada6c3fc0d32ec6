// Removes one of the caller's passkeys. Also the last one: a mailed link always leads in.
import { removePasskey as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { mailAboutPasskey } from './passkey-mails.ts'

export const removePasskey = defineVerb({
  name: 'auth.passkeys.remove',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['user'], role: 'viewer' },
  input: contract.params,
  async run(ctx, input): Promise<void> {
    const { userId } = await requireRecentProof(ctx)
    const id = fromPublicId('psk', input.id) ?? ''
    const row = await ctx.db
      .tables<IdentityTables>()
      .deleteFrom('passkeys')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('name')
      .executeTakeFirst()
    if (!row) throw serviceError('not_found', { detail: 'You have no passkey with this identifier.' })
    await ctx.audit({
      action: 'passkey.removed',
      target: { kind: 'passkey', id },
      details: { user: userId },
      personal: { name: row.name },
    })
    await mailAboutPasskey(ctx, { userId, name: row.name, what: 'removed' })
  },
})
