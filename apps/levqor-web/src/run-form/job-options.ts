// What every job takes beside its payload.
import type { IntakeBody, JobDetail } from '@levqor/client'

export interface JobOptions {
  readonly priority: 'low' | 'normal' | 'high'
  /** As the browser's own input gives it: local time without a zone, or empty. */
  readonly runAt: string
  readonly callbackUrl: string
}

export const noOptions: JobOptions = { priority: 'normal', runAt: '', callbackUrl: '' }

/** Those of a job that was run before; its time has passed. */
export function optionsOf({
  priority,
  callback_url,
}: Pick<JobDetail, 'priority' | 'callback_url'>): JobOptions {
  return { priority, runAt: '', callbackUrl: callback_url ?? '' }
}

/** Their pointers into the body. */
export const optionPointers = ['/priority', '/run_at', '/callback_url'] as const

export function buildOptions(options: JobOptions): Pick<IntakeBody, 'priority' | 'run_at' | 'callback_url'> {
  const runAt = options.runAt === '' ? Number.NaN : new Date(options.runAt).getTime()
  return {
    ...(options.priority === 'normal' ? {} : { priority: options.priority }),
    ...(Number.isNaN(runAt) ? {} : { run_at: new Date(runAt).toISOString() }),
    ...(options.callbackUrl.trim() === '' ? {} : { callback_url: options.callbackUrl.trim() }),
  }
}
