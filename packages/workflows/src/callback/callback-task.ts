// Tells a callback URL that a job has finished: a job of its own, durable, signed, retried.
import { defineTask, type EnqueueSpec, type Job, type Task, taskError } from '@levqor/jobs'
import { sendWebhook, type WebhookSender } from '../connectors/send-webhook.ts'
import { isObject } from '../json.ts'

/** The `kind` of callback jobs. */
export const callbackTaskId = 'webhook.callback'

/** A queue of their own: slow receivers never hold up workflows. Give it a runner with a few places. */
export const callbackQueue = 'callbacks'

// A receiver that is being deployed or repaired comes back: ten tries in about a day.
const retryDelaysMs = [
  5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 43_200_000,
] as const

const types: Readonly<Record<string, string>> = {
  succeeded: 'job.succeeded',
  dead: 'job.failed',
  cancelled: 'job.cancelled',
}

/**
 * The jobs that a finished job causes: pass it to `createJobStore({ followUps })`, so that the callback is on disk
 * in the very transaction that finishes the job. `present` makes the `data` of the message.
 *
 * @example createJobStore({ database, clock, ids, followUps: callbackFollowUps({ present: presentJob }) })
 */
export function callbackFollowUps(options: {
  present(job: Job): unknown
}): (job: Job) => readonly EnqueueSpec[] {
  return (job) => {
    const type = types[job.state]
    if (!job.callbackUrl || !type) return []
    return [
      {
        workspaceId: job.workspaceId,
        kind: callbackTaskId,
        queue: callbackQueue,
        payload: {
          url: job.callbackUrl,
          type,
          occurredAt: job.finishedAt ?? job.createdAt,
          data: options.present(job),
        },
        parentId: job.id,
        retryDelaysMs,
        ...(job.requestId === undefined ? {} : { requestId: job.requestId }),
      },
    ]
  }
}

/**
 * Posts `{ type, timestamp, data }` with `job.succeeded`, `job.failed` or `job.cancelled`. The webhook-id is the
 * same for every try. Statuses outside 2xx are tried again like any webhook, except most 4xx.
 */
export function callbackTask(services: Omit<WebhookSender, 'signal' | 'workspaceId'>): Task {
  return defineTask({
    id: callbackTaskId,
    timeoutMs: 60_000,
    async run({ job, payload, signal }) {
      const { url, type, occurredAt, data } = isObject(payload) ? payload : {}
      if (typeof url !== 'string' || typeof type !== 'string' || typeof occurredAt !== 'number') {
        throw taskError({
          code: 'bad_callback',
          message: 'The callback job has no address or type.',
          final: true,
        })
      }
      const { webhookSecret, egress, clock } = services
      const sender = { egress, clock, signal, workspaceId: job.workspaceId, webhookSecret }
      const id = `msg_${job.id.replaceAll('-', '')}`
      return { kind: 'succeeded', result: await sendWebhook(sender, url, { id, type, occurredAt, data }) }
    },
  })
}
