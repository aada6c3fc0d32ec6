// Processed webhooks remembered on our database: across restarts and processes. One statement decides a claim, so no
// two processes can both get it; time is the database handle's clock, as for everything else on it.
import { randomUUID } from 'node:crypto'
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { ReplayClaim, ReplayStore } from '@levqor/guard/webhooks'

/** @example createWebhookReceiver({ policy, secrets, replayStore: databaseReplayStore(database), events }) */
export function databaseReplayStore(database: Database): ReplayStore {
  const { clock } = database
  return {
    claim: (id, leaseMs) =>
      asSystem(database).transaction(async (tx): Promise<ReplayClaim> => {
        const now = clock.now()
        const token = randomUUID()
        // A new row, or one whose claim or memory has ended. A row that stands stays locked until the look below.
        const taken = await tx.run(
          `INSERT INTO webhook_messages (id, claim, forget_at) VALUES ($1, $2, $3)
           ON CONFLICT (id) DO UPDATE SET claim = excluded.claim, forget_at = excluded.forget_at
             WHERE webhook_messages.forget_at <= $4`,
          [id, token, now + leaseMs, now],
        )
        if (taken > 0) return { state: 'claimed', token }
        const [row] = await tx.query<{ claim: string | null; forget_at: number }>(
          'SELECT claim, forget_at FROM webhook_messages WHERE id = $1',
          [id],
        )
        if (row?.claim === null) return { state: 'committed' }
        return { state: 'in-progress', retryAfterMs: (row?.forget_at ?? now) - now }
      }),
    async commit(id, rememberMs) {
      await asSystem(database).transaction((tx) =>
        tx.run(
          `INSERT INTO webhook_messages (id, claim, forget_at) VALUES ($1, NULL, $2)
           ON CONFLICT (id) DO UPDATE SET claim = NULL, forget_at = excluded.forget_at`,
          [id, clock.now() + rememberMs],
        ),
      )
    },
    async release(id, token) {
      await asSystem(database).transaction((tx) =>
        tx.run('DELETE FROM webhook_messages WHERE id = $1 AND claim = $2', [id, token]),
      )
    },
  }
}

/** Deletes what may be forgotten; at most 1,000 rows a call. Resolves to how many. */
export function pruneWebhookMessages(database: Database): Promise<number> {
  return asSystem(database).transaction((tx) =>
    tx.run(
      `DELETE FROM webhook_messages WHERE id IN
         (SELECT id FROM webhook_messages WHERE forget_at <= $1 ORDER BY forget_at LIMIT 1000)`,
      [database.clock.now()],
    ),
  )
}
