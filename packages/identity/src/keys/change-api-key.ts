// Changes what does not change the secret: a key's name, and from where it may be used.
import { changeApiKeyBody, changeApiKey as contract, fromPublicId } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { findKey } from './find-key.ts'
import { holdMaker } from './hold-maker.ts'
import { encodeAddresses } from './insert-api-key.ts'
import { checkTerms } from './key-terms.ts'
import type { ApiKeyFacts } from './present-api-key.ts'

export const changeApiKey = defineVerb({
  name: 'api-keys.change',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'admin', scope: 'api-keys:write' },
  input: z.strictObject({ ...contract.params.shape, ...changeApiKeyBody.shape }),
  async run(ctx, { id: publicId, name, allowed_addresses }): Promise<ApiKeyFacts> {
    const { db, clock, actor, services } = ctx
    const now = clock.now()
    checkTerms({ allowed_addresses }, actor, await holdMaker(ctx), now)
    const id = fromPublicId('key', publicId) ?? ''
    const tables = db.tables<IdentityTables>()
    // A list of addresses is what keeps a copied key from being of use: a stolen session must not lift it.
    if (actor.kind === 'user' && allowed_addresses !== undefined) await requireRecentProof(ctx)
    const { numUpdatedRows } = await tables
      .updateTable('api_keys')
      .set({
        ...(name === undefined ? {} : { name }),
        ...(allowed_addresses === undefined ? {} : { allowed_addresses: encodeAddresses(allowed_addresses) }),
      })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .where((by) => by.or([by('expires_at', 'is', null), by('expires_at', '>', now)]))
      .where((by) => by.or([by('overlap_until', 'is', null), by('overlap_until', '>', now)]))
      .executeTakeFirst()
    const key = await findKey(db, publicId)
    if (Number(numUpdatedRows) === 0) throw serviceError('key_ended')
    await ctx.audit({
      action: 'api_key.changed',
      target: { kind: 'api_key', id },
      details: {
        ...(name === undefined ? {} : { name }),
        ...(allowed_addresses === undefined ? {} : { addresses_restricted: allowed_addresses !== null }),
      },
      ...(allowed_addresses ? { personal: { allowed_addresses } } : {}),
    })
    // Here at once; other processes read the row again within the second for which they believe a credential.
    db.afterCommit(() => services.identity.credentials.reloadApiKey(id))
    return key
  },
})
