// What a job must look like before it is stored. The edge reports user input; this guards against callers.
import { type EnqueueSpec, priorities } from '../job.ts'
import { jobsError } from '../job-error.ts'

/** Bounds of a stored job. */
export const jobLimits = {
  /** Characters of a kind or queue name. */
  nameLength: 100,
  idempotencyKeyLength: 255,
  callbackUrlLength: 2_000,
  maxFailures: 100,
  retryDelays: 20,
  /** One day. */
  retryDelayMs: 86_400_000,
  /** One day. */
  timeoutMs: 86_400_000,
} as const

const name = /^[a-z0-9][a-z0-9._-]*$/

/** @throws JobsError `bad_job` */
export function checkSpec(spec: EnqueueSpec): void {
  const bad = (field: string, rule: string) =>
    jobsError('bad_job', `${field} ${rule}`, { details: { field } })
  if (spec.workspaceId === '') throw bad('workspaceId', 'is empty')
  for (const field of ['kind', 'queue'] as const) {
    const text = spec[field]
    if (text !== undefined && (text.length > jobLimits.nameLength || !name.test(text))) {
      throw bad(
        field,
        `must be 1 to ${jobLimits.nameLength} of a-z 0-9 . _ - and start with a letter or digit`,
      )
    }
  }
  if (spec.priority !== undefined && !priorities.includes(spec.priority)) {
    throw bad('priority', `must be one of ${priorities.join(', ')}`)
  }
  if (spec.idempotency && !within(spec.idempotency.key.length, 1, jobLimits.idempotencyKeyLength)) {
    throw bad('idempotency.key', `must have 1 to ${jobLimits.idempotencyKeyLength} characters`)
  }
  if (spec.callbackUrl !== undefined && !within(spec.callbackUrl.length, 1, jobLimits.callbackUrlLength)) {
    throw bad('callbackUrl', `must have 1 to ${jobLimits.callbackUrlLength} characters`)
  }
  if (spec.runAt !== undefined && !within(spec.runAt, 0, Number.MAX_SAFE_INTEGER)) {
    throw bad('runAt', 'must be epoch milliseconds')
  }
  if (spec.timeoutMs !== undefined && !within(spec.timeoutMs, 1, jobLimits.timeoutMs)) {
    throw bad('timeoutMs', `must be 1 to ${jobLimits.timeoutMs}`)
  }
  if (spec.maxFailures !== undefined && !within(spec.maxFailures, 1, jobLimits.maxFailures)) {
    throw bad('maxFailures', `must be 1 to ${jobLimits.maxFailures}`)
  }
  const delays = spec.retryDelaysMs ?? []
  if (delays.length > jobLimits.retryDelays || !delays.every((ms) => within(ms, 0, jobLimits.retryDelayMs))) {
    throw bad(
      'retryDelaysMs',
      `must be at most ${jobLimits.retryDelays} delays of 0 to ${jobLimits.retryDelayMs}`,
    )
  }
}

function within(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}
