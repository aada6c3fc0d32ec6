// Makes a key that may do what its maker may do. The secret is in this answer and nowhere else.
import { createApiKeyBody } from '@levqor/client'
import { type Actor, serviceError, type VerbContext } from '@levqor/server'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb, type IdentityServices } from '../services.ts'
import { type InsertedApiKey, insertApiKey } from './insert-api-key.ts'
import { grantableScopes } from './scopes.ts'

type Context = VerbContext<'write', 'workspace', IdentityServices>

export const createApiKey = defineVerb({
  name: 'api-keys.create',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'admin', scope: 'api-keys:write' },
  input: createApiKeyBody,
  async run(ctx, { name }): Promise<InsertedApiKey> {
    const { db, clock, ids, actor, workspaceId, services, requestId } = ctx
    const { policy, events } = services.identity
    const { count } = await db
      .tables<IdentityTables>()
      .selectFrom('api_keys')
      .select((by) => by.fn.countAll<number>().as('count'))
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow()
    if (Number(count) >= policy.keysPerWorkspace) throw serviceError('too_many_keys')
    const scopes = grantableScopes(actor)
    const made = await insertApiKey(db, {
      id: ids.next(),
      workspace_id: workspaceId,
      name,
      scopes,
      created_by: await answerable(ctx, actor),
      created_at: clock.now(),
    })
    const id = made.row.id
    await ctx.audit({
      action: 'api_key.created',
      target: { kind: 'api_key', id },
      details: { name, prefix: made.row.display_prefix, scopes },
    })
    const actorId = actor.kind === 'anonymous' ? undefined : actor.id
    db.afterCommit(() =>
      events.emit({ event: 'key.created', requestId, actorId, workspaceId, details: { key: id } }),
    )
    return made
  },
})

// Behind every key stands a person: a key made with a key belongs to the same one.
async function answerable({ db }: Context, actor: Actor): Promise<string> {
  if (actor.kind === 'user') return actor.id
  if (actor.kind !== 'apiKey') throw serviceError('credential_unsuitable')
  const { created_by } = await db
    .tables<IdentityTables>()
    .selectFrom('api_keys')
    .select('created_by')
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  return created_by
}
