// Makes a key that may do what its maker may do, or less. The secret is in this answer and nowhere else.
import { createApiKeyBody } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { actorIdOf } from '../actor.ts'
import { presentTime } from '../present-time.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb, type WorkspaceWriteContext } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { holdWorkspaceRow } from '../workspaces/hold-workspace-row.ts'
import { answerablePerson } from './answerable-person.ts'
import { type InsertedApiKey, insertApiKey } from './insert-api-key.ts'
import { checkTerms } from './key-terms.ts'
import { ownTerms } from './own-terms.ts'
import { grantableScopes } from './scopes.ts'

export const createApiKey = defineVerb({
  name: 'api-keys.create',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'admin', scope: 'api-keys:write' },
  input: createApiKeyBody,
  async run(ctx, input): Promise<InsertedApiKey> {
    const { db, clock, ids, actor, workspaceId, services, requestId } = ctx
    const now = clock.now()
    const own = await ownTerms(ctx)
    checkTerms(input, actor, own, now)
    const scopes = input.scopes ?? grantableScopes(actor)
    // It outlives the session, and a new password does not end it.
    if (actor.kind === 'user') await requireRecentProof(ctx)
    const expiresAt = input.expires_at ? Date.parse(input.expires_at) : own.expiresAt
    const addresses = input.allowed_addresses ?? own.addresses
    await refuseTooMany(ctx)
    const made = await insertApiKey(db, {
      id: ids.next(),
      workspace_id: workspaceId,
      name: input.name,
      scopes,
      created_by: await answerablePerson(ctx),
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
async function refuseTooMany({ db, clock, services, workspaceId }: WorkspaceWriteContext): Promise<void> {
  // Parallel makers take turns at being counted.
  await holdWorkspaceRow(db, workspaceId)
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
