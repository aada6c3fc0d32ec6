// Families of refresh tokens on our database. One conditional update decides every race: it takes the step or does not.
import { type Database, decodeJson, encodeJson } from '@levqor/database'
import { asSystem, type SystemTransaction } from '@levqor/database/system'
import type { RefreshStore } from '@levqor/guard/tokens'

interface Row {
  readonly id: string
  readonly user_id: string
  readonly seed: string
  readonly counter: number
  readonly token_hash: string
  readonly rotated_at: string
  readonly created_at: number
  readonly expires_at: number
  readonly ended_cause: string | null
}

/**
 * @param within for a sign-in: one transaction with the session's row
 * @example const refreshTokens = createRefreshTokens({ store: databaseRefreshStore(database), … })
 */
export function databaseRefreshStore(database: Database, within?: SystemTransaction): RefreshStore {
  const { read, transaction: ownTransaction } = asSystem(database)
  const transaction: typeof ownTransaction = within ? (work) => work(within) : ownTransaction
  return {
    async add(family) {
      await transaction((tx) =>
        tx.run(
          `INSERT INTO refresh_families
             (id, user_id, seed, counter, token_hash, rotated_at, created_at, expires_at, ended_cause)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            family.id,
            family.userId,
            family.seed,
            family.counter,
            family.tokenHash,
            encodeJson(family.rotatedAtMs),
            family.createdAtMs,
            family.expiresAtMs,
            family.endedCause ?? null,
          ],
        ),
      )
    },
    async find(id) {
      const rows = await read.query<Row>(
        `SELECT id, user_id, seed, counter, token_hash, rotated_at, created_at, expires_at, ended_cause
           FROM refresh_families WHERE id = $1`,
        [id],
      )
      const row = rows[0]
      if (row === undefined) return undefined
      return {
        id: row.id,
        userId: row.user_id,
        seed: row.seed,
        counter: row.counter,
        tokenHash: row.token_hash,
        rotatedAtMs: decodeJson<number[]>(row.rotated_at),
        createdAtMs: row.created_at,
        expiresAtMs: row.expires_at,
        ...(row.ended_cause === null ? {} : { endedCause: row.ended_cause }),
      }
    },
    advance: (id, fromCounter, { counter, tokenHash, rotatedAtMs }) =>
      transaction(async (tx) => {
        const changed = await tx.run(
          `UPDATE refresh_families SET counter = $3, token_hash = $4, rotated_at = $5
            WHERE id = $1 AND counter = $2 AND ended_cause IS NULL`,
          [id, fromCounter, counter, tokenHash, encodeJson(rotatedAtMs)],
        )
        return changed === 1
      }),
    end: (id, cause) =>
      transaction(async (tx) => {
        const changed = await tx.run(
          'UPDATE refresh_families SET ended_cause = $2 WHERE id = $1 AND ended_cause IS NULL',
          [id, cause],
        )
        return changed === 1
      }),
    async endAllOf(userId, cause) {
      await transaction((tx) =>
        tx.run('UPDATE refresh_families SET ended_cause = $2 WHERE user_id = $1 AND ended_cause IS NULL', [
          userId,
          cause,
        ]),
      )
    },
    prune: (nowMs) =>
      transaction((tx) =>
        tx.run(
          `DELETE FROM refresh_families WHERE id IN
             (SELECT id FROM refresh_families WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)`,
          [nowMs],
        ),
      ),
  }
}
