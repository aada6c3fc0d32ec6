// Ends a key: at once in this process, within a second in all others.
import { revokeApiKey as contract, fromPublicId } from '@levqor/client'
import { actorIdOf } from '../actor.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { findKey } from './find-key.ts'
import { refuseRotatedKey } from './hold-maker.ts'
import type { ApiKeyFacts } from './present-api-key.ts'

export const revokeApiKey = defineVerb({
  name: 'api-keys.revoke',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'admin', scope: 'api-keys:write' },
  input: contract.params,
  async run(ctx, input): Promise<ApiKeyFacts> {
    const { db, clock, actor, workspaceId, services, requestId } = ctx
    const id = fromPublicId('key', input.id) ?? ''
    // It may end itself, not its successor.
    if (actor.kind === 'apiKey' && actor.id !== id) await refuseRotatedKey(ctx)
    const tables = db.tables<IdentityTables>()
    const { numUpdatedRows } = await tables
      .updateTable('api_keys')
      .set({ revoked_at: clock.now(), revoked_reason: 'revoked' })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    const key = await findKey(db, input.id)
    const { credentials, events } = services.identity
    // Also for a key that was revoked elsewhere a moment ago: asked to end it, this process forgets it now.
    db.afterCommit(() => credentials.endApiKey(id, 'revoked'))
    if (Number(numUpdatedRows) === 0) {
      ctx.changedNothing()
      return key
    }
    await ctx.audit({
      action: 'api_key.revoked',
      target: { kind: 'api_key', id },
      details: { name: key.name, prefix: key.display_prefix },
    })
    const actorId = actorIdOf(actor)
    db.afterCommit(() =>
      events.emit({ event: 'key.revoked', requestId, actorId, workspaceId, details: { key: id } }),
    )
    return key
  },
})
