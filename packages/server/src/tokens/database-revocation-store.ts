// Revocations on our database. Positions are given out under a row lock that is held until the commit, so a reader who
// has seen one has seen all before it. (A sequence would not do: its numbers appear in the order of commits, and a
// reader who is past a number that appears late never looks back. Following a clock has the same hole.)
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import {
  type Revocation,
  type RevocationKind,
  type RevocationStore,
  revocationKinds,
  type StoredRevocation,
} from '@levqor/guard/tokens'

interface Row {
  readonly kind: RevocationKind
  readonly id: string
  readonly revoked_at: number
  readonly forget_at: number
  readonly cause: string
  readonly position: number
}

/** A later moment replaces an earlier one for users only: everything else ends once. See `mergeRevocations`. */
const newer = `excluded.kind = 'user' AND excluded.revoked_at > revocations.revoked_at`

/** @example const revocations = createRevocations({ store: databaseRevocationStore(database), bus }) */
export function databaseRevocationStore(database: Database): RevocationStore {
  const { read, transaction } = asSystem(database)
  return {
    add: ({ kind, id, revokedAtMs, forgetAtMs, cause }) =>
      transaction(async (tx) => {
        await tx.run(`UPDATE revocation_head SET position = position + 1 WHERE name = 'revocations'`)
        await tx.run(
          `INSERT INTO revocations (kind, id, revoked_at, forget_at, cause, position)
           SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT), $5, position
             FROM revocation_head WHERE name = 'revocations'
           ON CONFLICT (kind, id) DO UPDATE SET
             cause = CASE WHEN ${newer} THEN excluded.cause ELSE revocations.cause END,
             revoked_at = CASE WHEN ${newer} THEN excluded.revoked_at ELSE revocations.revoked_at END,
             forget_at = CASE WHEN excluded.forget_at > revocations.forget_at
                              THEN excluded.forget_at ELSE revocations.forget_at END,
             position = excluded.position`,
          [kind, id, revokedAtMs, forgetAtMs, cause],
        )
      }),
    async find(subject) {
      const rows = await read.query<Row>(
        `SELECT kind, id, revoked_at, forget_at, cause, position FROM revocations
          WHERE (kind = 'token' AND id = $1) OR (kind = 'session' AND id = $2) OR (kind = 'family' AND id = $3)
             OR (kind = 'key' AND id = $4) OR (kind = 'user' AND id = $5 AND revoked_at >= $6)`,
        [
          subject.token ?? null,
          subject.session ?? null,
          subject.family ?? null,
          subject.key ?? null,
          subject.user ?? null,
          subject.issuedAtMs,
        ],
      )
      for (const kind of revocationKinds) {
        const row = rows.find((found) => found.kind === kind)
        if (row !== undefined) return revocationOf(row)
      }
      return undefined
    },
    async head() {
      const rows = await read.query<{ position: number }>(
        `SELECT position FROM revocation_head WHERE name = 'revocations'`,
      )
      return rows[0]?.position ?? 0
    },
    async since(position, limit) {
      const rows = await read.query<Row>(
        `SELECT kind, id, revoked_at, forget_at, cause, position FROM revocations
          WHERE position > $1 ORDER BY position LIMIT $2`,
        [position, limit],
      )
      return rows.map((row): StoredRevocation => ({ ...revocationOf(row), position: row.position }))
    },
    prune: (nowMs) =>
      transaction((tx) =>
        tx.run(
          `DELETE FROM revocations WHERE (kind, id) IN
             (SELECT kind, id FROM revocations WHERE forget_at <= $1 ORDER BY forget_at LIMIT 1000)`,
          [nowMs],
        ),
      ),
  }
}

function revocationOf({ kind, id, revoked_at, forget_at, cause }: Row): Revocation {
  return { kind, id, revokedAtMs: revoked_at, forgetAtMs: forget_at, cause }
}
