// For those who run the installation: the queue, dead letters, and the mail that was not sent by SMTP.
import { z } from 'zod'
import { defineContract, page, pageQuery, plainText, publicId, timestamp } from './contract.ts'
import { jobError, jobId } from './jobs.ts'

export const queueHealth = z.object({
  status: z.enum(['ok', 'degraded']),
  dispatch: z.enum(['in-process', 'bullmq']),
  store: z.enum(['sqlite', 'postgres']),
  queues: z.array(
    z.object({
      name: z.string(),
      queued: z.number().int(),
      scheduled: z.number().int(),
      running: z.number().int(),
      blocked: z.number().int(),
      dead: z.number().int(),
      oldest_queued_seconds: z.number().nullable(),
    }),
  ),
  workers: z.array(z.object({ id: z.string(), slots: z.number().int(), seen_at: timestamp })),
})

export const deadLetter = z.object({
  job_id: jobId,
  workflow: z.string(),
  attempts: z.number().int(),
  crashes: z.number().int(),
  error: jobError.nullable(),
  created_at: timestamp,
  died_at: timestamp,
  redrives: z.number().int(),
})

export const getQueueHealth = defineContract({
  id: 'ops.queue-health',
  method: 'GET',
  path: '/ops/queue_health',
  summary: 'Depth and age of the queues, workers, dispatch mode',
  status: 200,
  answer: queueHealth,
})

export const listDeadLetters = defineContract({
  id: 'ops.dlq',
  method: 'GET',
  path: '/ops/dlq',
  summary: 'Dead letters, newest first',
  status: 200,
  query: z.strictObject({ ...pageQuery, workflow: plainText(100).optional() }),
  answer: page(deadLetter),
})

export const retryDeadLetters = defineContract({
  id: 'ops.dlq.retry',
  method: 'POST',
  path: '/ops/dlq/retry',
  summary: 'Redrive dead letters: named ones, or all of a workflow; with preview only counted',
  status: 200,
  body: z
    .strictObject({
      job_ids: z.array(jobId).min(1).max(100).optional(),
      workflow: plainText(100).optional(),
      all: z.literal(true).optional().describe('Every dead letter of the workspace'),
      preview: z.boolean().default(false),
    })
    .refine(
      (body) => [body.job_ids, body.workflow, body.all].filter((which) => which !== undefined).length === 1,
      'say which: job_ids, workflow or all',
    ),
  answer: z.object({
    preview: z.boolean(),
    matched: z.number().int(),
    workflows: z.array(z.object({ workflow: z.string(), count: z.number().int() })),
    redriven: z.array(jobId),
  }),
})

export const outboxMail = z.object({
  id: publicId('mail'),
  to: z.string(),
  subject: z.string(),
  template: z.string(),
  state: z.enum(['waiting', 'kept', 'sent']).describe('kept: no SMTP server is set, it is read here'),
  error: z.string().nullable().describe('Why the last try to send it failed'),
  created_at: timestamp,
})

export const listOutbox = defineContract({
  id: 'ops.outbox',
  method: 'GET',
  path: '/ops/outbox',
  summary: 'Mail that waits here because no SMTP server is set, and what became of the rest',
  status: 200,
  query: z.strictObject(pageQuery),
  answer: page(outboxMail),
})

export const getOutboxMail = defineContract({
  id: 'ops.outbox.get',
  method: 'GET',
  path: '/ops/outbox/{id}',
  summary: 'One mail with its text',
  status: 200,
  params: z.strictObject({ id: publicId('mail') }),
  answer: outboxMail.extend({ text: z.string().nullable(), html: z.string().nullable() }),
})

export type QueueHealth = z.infer<typeof queueHealth>
export type DeadLetter = z.infer<typeof deadLetter>
export type OutboxMail = z.infer<typeof outboxMail>
