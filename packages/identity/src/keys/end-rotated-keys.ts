// Ends rotated keys: those whose overlap is over, and early those that have fallen silent. The first kind is refused from
// the very moment on, by the look-up itself; here it is only written down.
import { z } from 'zod'
import { defineVerb } from '../services.ts'

interface EndedKey {
  readonly id: string
  readonly workspace_id: string
  readonly name: string
  readonly display_prefix: string
}

const returned = 'RETURNING id, workspace_id, name, display_prefix'

const overlapIsOver = `UPDATE api_keys SET revoked_at = overlap_until, revoked_reason = 'rotated'
  WHERE revoked_at IS NULL AND id IN (
    SELECT id FROM api_keys WHERE revoked_at IS NULL AND overlap_until <= $1 LIMIT 1000
  ) ${returned}`

// Silent: the successor is in use, and for half the overlap, and at least since $2, nobody has used the old one. Half, so that a
// program that comes once in half the overlap it was given is never cut off early. The rotation is the successor's making.
const fallenSilent = `UPDATE api_keys SET revoked_at = $1, revoked_reason = 'fell_silent'
  WHERE revoked_at IS NULL AND id IN (
    SELECT old.id FROM api_keys old JOIN api_keys next ON next.id = old.successor_id
    WHERE old.revoked_at IS NULL AND next.revoked_at IS NULL AND next.last_used_at IS NOT NULL
      AND next.created_at <= $2
      AND next.created_at + (old.overlap_until - next.created_at) / 2 <= $3
      AND (old.last_used_at IS NULL OR (
        old.last_used_at <= $2
        AND old.last_used_at + (old.overlap_until - next.created_at) / 2 <= $3))
    LIMIT 1000
  ) ${returned}`

export const endRotatedKeys = defineVerb({
  name: 'api-keys.end-rotated',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({}),
  async run(ctx): Promise<{ readonly ended: number }> {
    const { db, clock, requestId, services } = ctx
    const { policy, credentials, events } = services.identity
    const now = clock.now()
    // A last use is written late: at most once a minute for a key, and a little after that.
    const known = now - 2 * policy.lastUsedEveryMs
    const silent = await db.query<EndedKey>(fallenSilent, [now, known - policy.overlapSilenceMs, known])
    const over = await db.query<EndedKey>(overlapIsOver, [now])
    const ended = [
      ...silent.map((key) => ({ key, cause: 'fell_silent' })),
      ...over.map((key) => ({ key, cause: 'rotated' })),
    ]
    if (ended.length === 0) ctx.changedNothing()
    for (const { key, cause } of ended) {
      const { id, workspace_id: workspaceId, name, display_prefix: prefix } = key
      await ctx.audit({
        action: 'api_key.revoked',
        target: { kind: 'api_key', id },
        details: { name, prefix, cause },
        workspaceId,
      })
      db.afterCommit(() => {
        credentials.endApiKey(id, cause)
        events.emit({ event: 'key.revoked', requestId, workspaceId, details: { key: id, cause } })
      })
    }
    return { ended: ended.length }
  },
})
