// Jobs: submit, follow, stop, run again.
import { z } from 'zod'
import { defineContract, page, pageQuery, plainText, publicId, timestamp } from './contract.ts'

export const jobStates = [
  'scheduled',
  'queued',
  'running',
  'blocked',
  'succeeded',
  'dead',
  'cancelled',
] as const
export const jobState = z.enum(jobStates)
export const priority = z.enum(['low', 'normal', 'high'])
export const jobId = publicId('job')

export const jobError = z.object({
  code: z.string(),
  message: z.string(),
  step: z.string().optional().describe('The step that failed'),
})

export const progress = z.number().int().min(0).max(100).describe('Percent of the steps that are done')

export const cost = z.object({ amount_micros: z.number().int(), currency: z.string().length(3) })

export const jobStatus = z.object({
  job_id: jobId,
  workflow: z.string(),
  status: jobState,
  progress,
  attempts: z.number().int().describe('How often a worker has taken the job'),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
  result: z.unknown(),
  error: jobError.nullable(),
  cost,
})

export const jobSummary = jobStatus.omit({ result: true }).extend({
  priority,
  run_at: timestamp.nullable().describe('Not before this time'),
})

export const attempt = z.object({
  number: z.number().int(),
  state: z.enum([
    'running',
    'succeeded',
    'failed',
    'crashed',
    'waiting',
    'blocked',
    'cancelled',
    'handed_back',
    'timed_out',
  ]),
  worker: z.string(),
  started_at: timestamp,
  finished_at: timestamp.nullable(),
  error: jobError.nullable(),
  retry_at: timestamp.nullable(),
})

export const jobDetail = jobSummary.extend({
  payload: z.unknown(),
  result: z.unknown(),
  workflow_version: z.number().int().nullable(),
  callback_url: z.string().nullable(),
  failures: z.number().int(),
  crashes: z.number().int(),
  redrives: z.number().int().describe('How often a person brought it back from the dead'),
  attempt_log: z.array(attempt),
  can: z.object({ cancel: z.boolean(), retry: z.boolean() }).describe('What the caller may do with it now'),
})

export const stepState = z.enum([
  'pending',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'skipped',
  'blocked',
  'cancelled',
])

export const jobStep = z.object({
  id: z.string(),
  position: z.number().int(),
  use: z.string(),
  effect: z.enum(['idempotent', 'keyed', 'unsafe']),
  state: stepState,
  attempts: z.number().int(),
  input: z.unknown(),
  output: z.unknown(),
  error: jobError.nullable(),
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
  duration_ms: z.number().int().nullable(),
  cost,
})

export const jobLogLine = z.object({
  seq: z.number().int(),
  time: timestamp,
  level: z.enum(['info', 'warn', 'error']),
  step: z.string().nullable(),
  message: z.string(),
})

/** `data` of every server-sent event; its `id` is `seq`, its `event` is `type`. */
export const jobEvent = z.object({
  seq: z.number().int(),
  type: z.enum(['job', 'step', 'log']),
  time: timestamp,
  status: jobState,
  progress,
  step: z.object({ id: z.string(), state: stepState }).optional(),
  message: z.string().optional(),
})

const oneJob = z.strictObject({ id: jobId })

const latestRunAt = Date.UTC(2100, 0)

export const intakeBody = z.strictObject({
  workflow: plainText(100).min(1).describe('Name of a published workflow'),
  payload: z
    .unknown()
    .optional()
    .describe('Checked against the input schema of the workflow; at most 200 KB. Default {}'),
  callback_url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  priority: priority.default('normal'),
  run_at: z.iso
    .datetime({ offset: true })
    .refine(
      (text) => !(Date.parse(text) < 0 || Date.parse(text) >= latestRunAt),
      'give a time from 1970 to 2099',
    )
    .optional()
    .describe('RFC 3339; not before this time'),
})

export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'expected 1 to 200 visible ASCII characters')

export const intake = defineContract({
  id: 'jobs.submit',
  method: 'POST',
  path: '/api/v1/intake',
  summary: 'Submit a job',
  status: 202,
  headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
  body: intakeBody,
  answer: z.object({ job_id: jobId, status: jobState }),
})

export const getStatus = defineContract({
  id: 'jobs.status',
  method: 'GET',
  path: '/api/v1/status/{job_id}',
  summary: 'Status and result of a job',
  status: 200,
  params: z.strictObject({ job_id: jobId }),
  answer: jobStatus,
})

export const listJobs = defineContract({
  id: 'jobs.list',
  method: 'GET',
  path: '/api/v1/jobs',
  summary: 'List jobs, newest first',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    status: jobState.optional(),
    workflow: plainText(100).optional(),
  }),
  answer: page(jobSummary),
})

export const getJob = defineContract({
  id: 'jobs.get',
  method: 'GET',
  path: '/api/v1/jobs/{id}',
  summary: 'One job with its payload and attempts',
  status: 200,
  params: oneJob,
  answer: jobDetail,
})

export const getJobSteps = defineContract({
  id: 'jobs.steps',
  method: 'GET',
  path: '/api/v1/jobs/{id}/steps',
  summary: 'The steps of a job',
  status: 200,
  params: oneJob,
  answer: z.object({ items: z.array(jobStep) }),
})

export const getJobLogs = defineContract({
  id: 'jobs.logs',
  method: 'GET',
  path: '/api/v1/jobs/{id}/logs',
  summary: 'The log lines of a job, oldest first',
  status: 200,
  params: oneJob,
  query: z.strictObject({ after: z.coerce.number().int().min(0).default(0) }),
  answer: z.object({ items: z.array(jobLogLine) }),
})

export const followJob = defineContract({
  id: 'jobs.events',
  method: 'GET',
  path: '/api/v1/jobs/{id}/events',
  summary:
    'Follow a job live (server-sent events; resumes after Last-Event-ID; ends when the job has finished)',
  status: 200,
  params: oneJob,
  produces: 'text/event-stream',
  answer: jobEvent,
})

export const cancelJob = defineContract({
  id: 'jobs.cancel',
  method: 'POST',
  path: '/api/v1/jobs/{id}/cancel',
  summary: 'Cancel a job that has not finished',
  status: 200,
  params: oneJob,
  answer: z.object({ job_id: jobId, status: jobState }),
})

export const retryJob = defineContract({
  id: 'jobs.retry',
  method: 'POST',
  path: '/api/v1/jobs/{id}/retry',
  summary: 'Bring a dead or cancelled job back: same job, finished steps are kept',
  status: 202,
  params: oneJob,
  answer: z.object({ job_id: jobId, status: jobState }),
})

export type JobState = z.infer<typeof jobState>
export type JobStatus = z.infer<typeof jobStatus>
export type JobSummary = z.infer<typeof jobSummary>
export type JobDetail = z.infer<typeof jobDetail>
export type JobStep = z.infer<typeof jobStep>
export type StepState = z.infer<typeof stepState>
export type JobAttempt = z.infer<typeof attempt>
export type JobLogLine = z.infer<typeof jobLogLine>
export type JobEvent = z.infer<typeof jobEvent>
export type JobError = z.infer<typeof jobError>
export type IntakeBody = z.input<typeof intakeBody>
