// Replaces a key without downtime: makes its successor and lets the old one hold for a chosen time beside it.
import { rotateApiKey as contract, fromPublicId, rotateApiKeyBody } from '@levqor/client'
import { decodeJson } from '@levqor/database'
import { isWithinRanges } from '@levqor/guard'
import { type Actor, serviceError } from '@levqor/server'
import { actorIdOf } from '../actor.ts'
import type { ApiKeyRow, IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import { requireRecentProof } from '../sessions/require-recent-proof.ts'
import { findKey } from './find-key.ts'
import { holdMaker, type OwnTerms } from './hold-maker.ts'
import { type InsertedApiKey, insertApiKey } from './insert-api-key.ts'
import { checkTerms } from './key-terms.ts'
import { type ApiKeyFacts, apiKeyColumns } from './present-api-key.ts'
import { grantableScopes } from './scopes.ts'

export interface RotatedApiKey extends InsertedApiKey {
  readonly replaces: ApiKeyFacts
}

export const rotateApiKey = defineVerb({
  name: 'api-keys.rotate',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'admin', scope: 'api-keys:write' },
  input: rotateApiKeyBody.extend(contract.params.shape),
  async run(ctx, input): Promise<RotatedApiKey> {
    const { db, clock, ids, actor, workspaceId, services, requestId } = ctx
    const { credentials, events } = services.identity
    const now = clock.now()
    const id = fromPublicId('key', input.id) ?? ''
    const tables = db.tables<IdentityTables>()
    const maker = await holdMaker(ctx)
    checkTerms(input, actor, maker, now)
    const old = await findKey(db, input.id)
    const scopes = input.scopes ?? decodeJson<string[]>(old.scopes)
    refuseMoreThanHeld(scopes, actor)
    // As when it was made: whoever rotates learns a secret that outlives the session.
    if (actor.kind === 'user') await requireRecentProof(ctx)
    const successorId = ids.next()
    const overlapUntil = now + input.overlap_minutes * 60_000
    // The one statement that decides between parallel rotations: only the first finds a key without a successor.
    const { numUpdatedRows } = await tables
      .updateTable('api_keys')
      .set({
        successor_id: successorId,
        overlap_until: overlapUntil,
        ...(overlapUntil === now ? { revoked_at: now, revoked_reason: 'rotated' as const } : {}),
      })
      .where('id', '=', id)
      .where('successor_id', 'is', null)
      .where('revoked_at', 'is', null)
      .where((by) => by.or([by('expires_at', 'is', null), by('expires_at', '>', now)]))
      .executeTakeFirst()
    const replaces = await tables
      .selectFrom('api_keys')
      .select(apiKeyColumns)
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (Number(numUpdatedRows) === 0) {
      throw serviceError(replaces.successor_id === null ? 'key_ended' : 'key_rotated')
    }
    const made = await insertApiKey(db, {
      id: successorId,
      workspace_id: workspaceId,
      name: input.name ?? old.name,
      scopes,
      created_by: maker.personId,
      created_at: now,
      mode: old.mode,
      expires_at: expiryOf(input.expires_at, old, maker),
      allowed_addresses:
        input.allowed_addresses === undefined ? addressesOf(old, maker) : input.allowed_addresses,
    })
    await ctx.audit({
      action: 'api_key.rotated',
      target: { kind: 'api_key', id },
      details: {
        successor: successorId,
        prefix: made.row.display_prefix,
        overlap_minutes: input.overlap_minutes,
        scopes: made.scopes,
      },
      ...(input.allowed_addresses ? { personal: { allowed_addresses: input.allowed_addresses } } : {}),
    })
    const actorId = actorIdOf(actor)
    db.afterCommit(() => {
      if (overlapUntil === now) credentials.endApiKey(id, 'rotated')
      const details = { key: successorId, replaces: id, overlapMinutes: input.overlap_minutes }
      events.emit({ event: 'key.created', requestId, actorId, workspaceId, details })
    })
    return { ...made, replaces }
  },
})

// Whoever rotates learns the successor's secret, so a weaker key must not rotate a stronger one.
function refuseMoreThanHeld(scopes: readonly string[], actor: Actor): void {
  const held = grantableScopes(actor)
  const lacking = scopes.filter((scope) => !held.includes(scope))
  if (lacking.length === 0) return
  const detail = `This key may do what you may not (${lacking.join(', ')}). Name the scopes of its successor.`
  throw serviceError('forbidden', { detail })
}

// Left out, the old key's terms go on, as far as those of the key that rotates reach.
function expiryOf(
  asked: string | null | undefined,
  { expires_at }: Pick<ApiKeyRow, 'expires_at'>,
  own: OwnTerms,
): number | null {
  if (asked !== undefined) return asked === null ? null : Date.parse(asked)
  if (expires_at === null || own.expiresAt === null) return expires_at ?? own.expiresAt
  return Math.min(expires_at, own.expiresAt)
}

function addressesOf(
  { allowed_addresses }: Pick<ApiKeyRow, 'allowed_addresses'>,
  { addresses: own }: OwnTerms,
): readonly string[] | null {
  const before = allowed_addresses === null ? null : decodeJson<string[]>(allowed_addresses)
  if (own === null) return before
  return before?.every((range) => isWithinRanges(range, own)) ? before : own
}
