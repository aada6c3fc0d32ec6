// What every verb of the store works with.
import type { WorkspaceTransaction } from '@levqor/database'
import type { SystemHandle, SystemReader, SystemTransaction } from '@levqor/database/system'
import type { Clock, EnqueueSpec, Ids, Job } from '../job.ts'
import type { Signals } from '../signals.ts'
import type { QueueCap } from './queue-cap.ts'
import type { RecentTags } from './virtual-time.ts'

/** A verb's transaction, or the system's own. */
export type JobsTransaction = WorkspaceTransaction | SystemTransaction

/** Jobs to enqueue in the transaction that finishes a job. Pure: it sees the row and decides. */
export type FollowUps = (job: Job) => readonly EnqueueSpec[]

export interface StoreContext {
  readonly system: SystemHandle
  readonly read: SystemReader
  readonly clock: Clock
  readonly ids: Ids
  readonly signals: Signals
  readonly cap: QueueCap
  readonly recentTags: RecentTags
  readonly followUps: FollowUps
}
