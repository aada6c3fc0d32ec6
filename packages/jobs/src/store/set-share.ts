// The weight of a workspace in the fair order. Applies to jobs enqueued from now on.
import { asSystemTransaction } from '@levqor/database/system'
import { jobsError } from '../job-error.ts'
import type { JobsTransaction } from './store-context.ts'

const save = `INSERT INTO job_shares (workspace_id, weight) VALUES ($1, $2)
  ON CONFLICT (workspace_id) DO UPDATE SET weight = excluded.weight`

export async function setShare(
  transaction: JobsTransaction,
  workspaceId: string,
  weight: number,
): Promise<void> {
  if (!Number.isSafeInteger(weight) || weight < 1 || weight > 10_000) {
    throw jobsError('bad_job', 'A weight is a whole number from 1 to 10,000.', {
      details: { field: 'weight' },
    })
  }
  await asSystemTransaction(transaction).run(save, [workspaceId, weight])
}
