// Turns the events of one job into server-sent events, with the state and progress the job has at each of them.
import type { Job, JobState } from '@levqor/jobs'
import type { EventStream } from '@levqor/server'
import type { LevqorServices } from '../../services.ts'
import { presentEvent } from './present-job.ts'

export async function streamJob(
  { job, afterSeq }: { readonly job: Job; readonly afterSeq: number },
  stream: EventStream,
  _facts: unknown,
  { jobs }: LevqorServices,
): Promise<void> {
  let status: JobState = job.state
  let progress = job.progress ?? 0
  const { workspaceId, id: jobId } = job
  for await (const event of jobs.watch({ workspaceId, jobId, afterSeq, signal: stream.signal })) {
    if (event.type === 'state') status = event.data.state
    if (event.type === 'progress') progress = event.data.percent
    if (status === 'succeeded') progress = 100
    const presented = presentEvent(event, { status, progress })
    await stream.send({ id: String(event.seq), event: presented.type, data: presented })
  }
}
