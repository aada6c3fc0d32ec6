// Routes of jobs: each names its contract, its door and its verb.
import * as contracts from '@levqor/client'
import { defineRoute, serviceError } from '@levqor/server'
import { cancelJob } from './cancel-job.ts'
import { followJob } from './follow-job.ts'
import { getJob } from './get-job.ts'
import { getJobLogs } from './get-job-logs.ts'
import { getJobStatus } from './get-job-status.ts'
import { getJobSteps } from './get-job-steps.ts'
import { getWebhookSecret } from './get-webhook-secret.ts'
import { listJobs } from './list-jobs.ts'
import { presentDetail, presentLogLine, presentStatus, presentSteps, presentSummary } from './present-job.ts'
import { retryJob } from './retry-job.ts'
import { streamJob } from './stream-job.ts'
import { submitJob } from './submit-job.ts'

/** The contract has checked the form, so only the prefix is left to take off. */
export function jobIdOf(publicId: string): string {
  const id = contracts.fromPublicId('job', publicId)
  if (id === undefined) throw serviceError('job_not_found')
  return id
}

const moved = ({ jobId, status }: { jobId: string; status: contracts.JobState }) => ({
  job_id: contracts.toPublicId('job', jobId),
  status,
})

export const jobRoutes = [
  defineRoute({
    contract: contracts.intake,
    door: 'run',
    verb: submitJob,
    input: ({ body, headers }) => ({ body, idempotencyKey: headers['idempotency-key'] }),
  }),
  defineRoute({
    contract: contracts.getStatus,
    door: 'read',
    verb: getJobStatus,
    input: ({ params }) => ({ jobId: jobIdOf(params.job_id) }),
    present: presentStatus,
  }),
  defineRoute({
    contract: contracts.listJobs,
    door: 'read',
    verb: listJobs,
    input: ({ query }) => query,
    present: ({ jobs, nextCursor }) => ({
      items: jobs.map(presentSummary),
      next_cursor: nextCursor ?? null,
      has_more: nextCursor !== undefined,
    }),
  }),
  defineRoute({
    contract: contracts.getJob,
    door: 'read',
    verb: getJob,
    input: ({ params }) => ({ jobId: jobIdOf(params.id) }),
    present: ({ job, attempts, version }) => presentDetail(job, attempts, version),
  }),
  defineRoute({
    contract: contracts.getJobSteps,
    door: 'read',
    verb: getJobSteps,
    input: ({ params }) => ({ jobId: jobIdOf(params.id) }),
    present: ({ job, steps, planned }) => ({ items: presentSteps(job, steps, planned) }),
  }),
  defineRoute({
    contract: contracts.getJobLogs,
    door: 'read',
    verb: getJobLogs,
    input: ({ params, query }) => ({ jobId: jobIdOf(params.id), after: query.after }),
    present: (lines) => ({ items: lines.map(presentLogLine) }),
  }),
  defineRoute({
    contract: contracts.followJob,
    door: 'stream',
    verb: followJob,
    input: ({ params }, { lastEventId }) => ({
      jobId: jobIdOf(params.id),
      // A reader that comes back names the last event it saw; anything else starts from the beginning.
      afterSeq: /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0,
    }),
    stream: streamJob,
  }),
  defineRoute({
    contract: contracts.cancelJob,
    door: 'write',
    verb: cancelJob,
    input: ({ params }) => ({ jobId: jobIdOf(params.id) }),
    present: moved,
  }),
  defineRoute({
    contract: contracts.retryJob,
    door: 'run',
    verb: retryJob,
    input: ({ params }) => ({ jobId: jobIdOf(params.id) }),
    present: moved,
  }),
  defineRoute({
    contract: contracts.getWebhookSecret,
    door: 'read',
    verb: getWebhookSecret,
    input: () => ({}),
  }),
]
