// Makes a key that may do what its maker may do, or less. The secret is in this answer and nowhere else.
import { createApiKeyBody } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { actorIdOf } from '../actor.ts'
import { presentTime } from '../present-time.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb, type WorkspaceWriteContext } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { holdMaker } from './hold-maker.ts'
import { type InsertedApiKey, insertApiKey } from './insert-api-key.ts'
import { checkTerms } from './key-terms.ts'
import { grantableScopes } from './scopes.ts'

export const createApiKey = defineVerb({
  name: 'api-keys.create',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'admin', scope: 'api-keys:write' },
  input: createApiKeyBody,
  async run(ctx, input): Promise<InsertedApiKey> {
    const { db, clock, ids, actor, workspaceId, services, requestId } = ctx
    const now = clock.now()
    const maker = await holdMaker(ctx)
    checkTerms(input, actor, maker, now)
    const scopes = input.scopes ?? grantableScopes(actor)
    // It outlives the session, and a new password does not end it.
    if (actor.kind === 'user') await requireRecentProof(ctx)
    const expiresAt = input.expires_at ? Date.parse(input.expires_at) : maker.expiresAt
    const addresses = input.allowed_addresses ?? maker.addresses
    await refuseTooMany(ctx)
    const made = await insertApiKey(db, {
      id: ids.next(),
      workspace_id: workspaceId,
      name: input.name,
      scopes,
      created_by: maker.personId,
      created_at: now,
      mode: input.mode,
      expires_at: expiresAt,
      allowed_addresses: addresses,
    })
    const id = made.row.id
    await ctx.audit({
      action: 'api_key.created',
      target: { kind: 'api_key', id },
      details: {
        name: input.name,
        prefix: made.row.display_prefix,
        scopes: made.scopes,
        mode: input.mode,
        expires_at: presentTime(expiresAt),
      },
      ...(addresses ? { personal: { allowed_addresses: addresses } } : {}),
    })
    const actorId = actorIdOf(actor)
    db.afterCommit(() =>
      services.identity.events.emit({
        event: 'key.created',
        requestId,
        actorId,
        workspaceId,
        details: { key: id },
      }),
    )
    return made
  },
})

// A key that has been rotated does not count: whoever has reached the limit must still be able to rotate.
// Parallel makers hold the workspace, so they take turns at being counted.
async function refuseTooMany({ db, clock, services }: WorkspaceWriteContext): Promise<void> {
  const { count } = await db
    .tables<IdentityTables>()
    .selectFrom('api_keys')
    .select((by) => by.fn.countAll<number>().as('count'))
    .where('revoked_at', 'is', null)
    .where('successor_id', 'is', null)
    .where((by) => by.or([by('expires_at', 'is', null), by('expires_at', '>', clock.now())]))
    .executeTakeFirstOrThrow()
  if (Number(count) >= services.identity.policy.keysPerWorkspace) throw serviceError('too_many_keys')
}
