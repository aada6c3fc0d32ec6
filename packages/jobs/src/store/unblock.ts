// Lets a blocked job go on, when what it waited for has come.
import { asSystemTransaction, type SystemTransaction } from '@levqor/database/system'
import type { StepDecision } from '../job.ts'
import { addEvents } from './add-events.ts'
import type { JobAddress } from './cancel.ts'
import type { JobsTransaction, StoreContext } from './store-context.ts'
import { nextVirtualTime } from './virtual-time.ts'

const goOn = (
  dialect: 'sqlite' | 'postgres',
) => `UPDATE jobs SET state = 'queued', state_reason = NULL, event_seq = event_seq + 1,
    virtual_time = ${nextVirtualTime(dialect, {
      workspaceId: 'jobs.workspace_id',
      queue: 'jobs.queue',
      priority: 'jobs.priority',
      now: '$3',
      tag: '0',
      place: '1',
    })}
  WHERE job_id = $1 AND workspace_id = $2 AND state = 'blocked'
  RETURNING event_seq`

const statements = { sqlite: goOn('sqlite'), postgres: goOn('postgres') }

/** @returns false when the job does not exist in this workspace or is not blocked. */
export async function unblock(
  context: StoreContext,
  transaction: JobsTransaction,
  address: JobAddress,
  by?: string,
): Promise<boolean> {
  return release(context, asSystemTransaction(transaction), address, 'unblocked', by)
}

const decideStep = `UPDATE job_steps SET decision = $4 WHERE job_id = $1 AND workspace_id = $2 AND step_id = $3
  AND state = 'running' AND effect = 'unsafe'
  AND EXISTS (SELECT 1 FROM jobs WHERE job_id = $1 AND workspace_id = $2 AND state = 'blocked')`

/**
 * Says what shall become of an unsafe step whose worker vanished in mid-step, and lets the job go on.
 * @returns false when there is no such undecided step, or the job does not wait for it.
 */
export async function resolveStep(
  context: StoreContext,
  transaction: JobsTransaction,
  address: JobAddress & { readonly stepId: string },
  decision: StepDecision,
  by?: string,
): Promise<boolean> {
  const tx = asSystemTransaction(transaction)
  const decided = await tx.run(decideStep, [address.jobId, address.workspaceId, address.stepId, decision])
  return decided === 1 && release(context, tx, address, `step_${decision}`, by)
}

async function release(
  context: StoreContext,
  tx: SystemTransaction,
  { workspaceId, jobId }: JobAddress,
  reason: string,
  by: string | undefined,
): Promise<boolean> {
  const now = context.clock.now()
  const [row] = await tx.query<{ event_seq: number }>(statements[tx.dialect], [jobId, workspaceId, now])
  if (!row) return false
  const data = { state: 'queued', reason, ...(by ? { by } : {}) } as const
  await addEvents(tx, { id: jobId, workspaceId }, row.event_seq, [{ type: 'state', at: now, data }])
  tx.afterCommit(() => {
    context.signals.changed(jobId)
    context.signals.ready()
  })
  return true
}
