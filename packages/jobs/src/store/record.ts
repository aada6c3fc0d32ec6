// Everything a running task writes before it ends: checkpoints, progress, log lines. Fenced like a settlement.
import { encodeJson } from '@levqor/database'
import type { Step } from '../job.ts'
import { addEvents, type NewEvent } from './add-events.ts'
import type { StoreContext } from './store-context.ts'

export interface RunningRecord {
  readonly jobId: string
  readonly claims: number
  readonly events: readonly NewEvent[]
  readonly steps: readonly Omit<Step, 'jobId' | 'claim' | 'decision'>[]
  readonly progress?: number
}

/** Exported for the test that looks at the plans. */
export const recordStatement = `UPDATE jobs SET event_seq = event_seq + $3, log_lines = log_lines + $4, progress = COALESCE($5, progress),
    cost_micros = cost_micros + $6, crashes = CASE WHEN $7 = 1 THEN 0 ELSE crashes END
  WHERE job_id = $1 AND state = 'running' AND claims = $2
  RETURNING workspace_id, event_seq`

const saveStep = `INSERT INTO job_steps (job_id, step_id, workspace_id, position, state, connector, effect, attempt, claim, input,
    input_digest, output, error, started_at, finished_at, duration_ms, cost_micros)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
  ON CONFLICT (job_id, step_id) DO UPDATE SET position = excluded.position, state = excluded.state,
    connector = excluded.connector, effect = excluded.effect, attempt = excluded.attempt, claim = excluded.claim,
    input = excluded.input, input_digest = excluded.input_digest, output = excluded.output, error = excluded.error,
    started_at = excluded.started_at, finished_at = excluded.finished_at, duration_ms = excluded.duration_ms,
    cost_micros = excluded.cost_micros, decision = NULL`

/** @returns false when the claim is void; nothing was written then. */
export async function record(context: StoreContext, entry: RunningRecord): Promise<boolean> {
  const finished = entry.steps.filter((step) => step.state === 'succeeded' || step.state === 'skipped')
  return context.system.transaction(async (tx) => {
    const [row] = await tx.query<{ workspace_id: string; event_seq: number }>(recordStatement, [
      entry.jobId,
      entry.claims,
      entry.events.length,
      entry.events.filter((event) => event.type === 'log').length,
      entry.progress ?? null,
      // A step's cost counts when it ends, whatever its end.
      entry.steps.reduce((sum, step) => sum + (step.state === 'running' ? 0 : step.costMicros), 0),
      // A job that gets on between crashes is no poison.
      finished.length > 0 ? 1 : 0,
    ])
    if (!row) return false
    for (const step of entry.steps) {
      await tx.run(saveStep, [
        entry.jobId,
        step.stepId,
        row.workspace_id,
        step.position,
        step.state,
        step.connector,
        step.effect,
        step.attempt,
        entry.claims,
        jsonOrNull(step.input),
        step.inputDigest ?? null,
        jsonOrNull(step.output),
        jsonOrNull(step.error),
        step.startedAt,
        step.finishedAt ?? null,
        step.durationMs ?? null,
        step.costMicros,
      ])
    }
    await addEvents(tx, { id: entry.jobId, workspaceId: row.workspace_id }, row.event_seq, entry.events)
    tx.afterCommit(() => context.signals.changed(entry.jobId))
    return true
  })
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : encodeJson(value)
}
