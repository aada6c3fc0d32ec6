// Reviews on our database: what waits survives restarts, and of two operators only one decides.
import { type Database, decodeJson, encodeJson } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { Review, ReviewStore } from '@levqor/guard/abuse'
import { rowLimit } from '@levqor/guard/lockout'

/** How long decided reviews are kept, milliseconds. */
export const reviewRetentionMs = 90 * 24 * 60 * 60 * 1000

interface ReviewRow {
  readonly id: string
  readonly kind: Review['kind']
  readonly subject: string
  readonly reasons: string
  readonly facts: string
  readonly status: Review['status']
  readonly created_at: number
  readonly decided_at: number | null
  readonly decided_by: string | null
}

const columns = 'id, kind, subject, reasons, facts, status, created_at, decided_at, decided_by'

/** @example const reviews = createReviews(databaseReviewStore(database), events) */
export function databaseReviewStore(database: Database): ReviewStore {
  return {
    async add(review) {
      await asSystem(database).transaction((tx) =>
        tx.run(
          `INSERT INTO abuse_reviews (id, kind, subject, reasons, facts, status, created_at)
             VALUES ($1, $2, $3, $4, $5, 'waiting', $6) ON CONFLICT (id) DO NOTHING`,
          [
            review.id,
            review.kind,
            review.subject,
            encodeJson(review.reasons),
            encodeJson(review.facts),
            database.clock.now(),
          ],
        ),
      )
    },
    async find(id) {
      const [row] = await asSystem(database).read.query<ReviewRow>(
        `SELECT ${columns} FROM abuse_reviews WHERE id = $1`,
        [id],
      )
      return row === undefined ? undefined : reviewOf(row)
    },
    decide: (id, { status, decidedBy }) =>
      asSystem(database).transaction(async (tx) => {
        const [row] = await tx.query<ReviewRow>(
          `UPDATE abuse_reviews SET status = $2, decided_at = $3, decided_by = $4
            WHERE id = $1 AND status = 'waiting' RETURNING ${columns}`,
          [id, status, database.clock.now(), decidedBy],
        )
        return row === undefined ? undefined : reviewOf(row)
      }),
    async list(query) {
      const { after = { createdAtMs: Number.MAX_SAFE_INTEGER, id: '' } } = query
      const rows = await asSystem(database).read.query<ReviewRow>(
        `SELECT ${columns} FROM abuse_reviews
          WHERE ($1 = '' OR status = $1) AND ($2 = '' OR kind = $2)
            AND (created_at < $3 OR (created_at = $3 AND id < $4))
          ORDER BY created_at DESC, id DESC LIMIT $5`,
        [query.status ?? '', query.kind ?? '', after.createdAtMs, after.id, rowLimit(query)],
      )
      return rows.map(reviewOf)
    },
  }
}

/** Deletes reviews decided more than {@link reviewRetentionMs} ago; at most 1,000 a call. What waits stays. */
export function pruneReviews(database: Database): Promise<number> {
  return asSystem(database).transaction((tx) =>
    tx.run(
      `DELETE FROM abuse_reviews WHERE id IN
         (SELECT id FROM abuse_reviews WHERE decided_at < $1 ORDER BY decided_at LIMIT 1000)`,
      [database.clock.now() - reviewRetentionMs],
    ),
  )
}

function reviewOf(row: ReviewRow): Review {
  const { decided_at: decidedAtMs, decided_by: decidedBy } = row
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    reasons: decodeJson<Review['reasons']>(row.reasons),
    facts: decodeJson<Review['facts']>(row.facts),
    status: row.status,
    createdAtMs: row.created_at,
    ...(decidedAtMs === null ? {} : { decidedAtMs }),
    ...(decidedBy === null ? {} : { decidedBy }),
  }
}
