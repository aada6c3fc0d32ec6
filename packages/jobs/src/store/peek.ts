// The one cheap question an idle runner asks: is there anything to do, and when will there be?
import { encodeJson } from '@levqor/database'
import { indexGuards } from '../schema/index-guards.ts'
import type { StoreContext } from './store-context.ts'

export interface Outlook {
  /** One of the queues has a job to claim. */
  readonly ready: boolean
  /** When the next scheduled job is due. */
  readonly nextDueAt: number | undefined
  /** When the next lease ends. */
  readonly nextLeaseEndsAt: number | undefined
  /** Somebody asked for the end of a running job. */
  readonly cancelling: boolean
}

const queues = {
  sqlite: 'SELECT value AS queue FROM json_each($1)',
  postgres: 'SELECT jsonb_array_elements_text($1::jsonb) AS queue',
}

// Without the name SQLite, and without the order PostgreSQL, reads the whole table here.
const hint = { sqlite: 'INDEXED BY jobs_claim', postgres: '' }

const look = (dialect: 'sqlite' | 'postgres') => `SELECT
  (SELECT 1 FROM (${queues[dialect]}) AS served
    WHERE (SELECT 1 FROM jobs ${hint[dialect]} WHERE state = 'queued' AND ${indexGuards.claim} AND queue = served.queue
      ORDER BY priority, virtual_time LIMIT 1) = 1
    LIMIT 1) AS ready,
  (SELECT run_at FROM jobs WHERE state = 'scheduled' ORDER BY run_at LIMIT 1) AS next_due_at,
  (SELECT lease_until FROM jobs WHERE state = 'running' AND ${indexGuards.lease} ORDER BY lease_until LIMIT 1) AS next_lease_ends_at,
  (SELECT 1 FROM jobs WHERE state = 'running' AND ${indexGuards.lease} AND cancel_requested = 1 LIMIT 1) AS cancelling`

/** Exported for the test that looks at the plans. */
export const peekStatements = { sqlite: look('sqlite'), postgres: look('postgres') }

export async function peek(context: StoreContext, served: readonly string[]): Promise<Outlook> {
  const [row] = await context.read.query<{
    ready: number | null
    next_due_at: number | null
    next_lease_ends_at: number | null
    cancelling: number | null
  }>(peekStatements[context.read.dialect], [encodeJson(served)])
  return {
    ready: row?.ready === 1,
    nextDueAt: row?.next_due_at ?? undefined,
    nextLeaseEndsAt: row?.next_lease_ends_at ?? undefined,
    cancelling: row?.cancelling === 1,
  }
}
