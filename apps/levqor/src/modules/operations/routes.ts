// Routes for those who look after the installation.
import * as contracts from '@levqor/client'
import { defineRoute } from '@levqor/server'
import { jobIdOf } from '../jobs/routes.ts'
import { getOutboxMail } from './get-outbox-mail.ts'
import { getQueueHealth } from './get-queue-health.ts'
import { listDeadLetters } from './list-dead-letters.ts'
import { listOutbox } from './list-outbox.ts'
import { presentDeadLetter, presentOutboxMail, presentQueueHealth } from './present-operations.ts'
import { retryDeadLetters } from './retry-dead-letters.ts'

export const operationRoutes = [
  defineRoute({
    contract: contracts.getQueueHealth,
    door: 'admin.read',
    verb: getQueueHealth,
    input: () => ({}),
    present: presentQueueHealth,
  }),
  defineRoute({
    contract: contracts.listDeadLetters,
    door: 'read',
    verb: listDeadLetters,
    input: ({ query }) => query,
    present: ({ jobs, nextCursor }) => ({
      items: jobs.map(presentDeadLetter),
      next_cursor: nextCursor ?? null,
      has_more: nextCursor !== undefined,
    }),
  }),
  defineRoute({
    contract: contracts.retryDeadLetters,
    door: 'run',
    verb: retryDeadLetters,
    input: ({ body }) => ({
      jobIds: body.job_ids?.map(jobIdOf),
      workflow: body.workflow,
      preview: body.preview,
    }),
    present: ({ preview, matched, workflows, redriven }) => ({
      preview,
      matched,
      workflows,
      redriven: redriven.map((id) => contracts.toPublicId('job', id)),
    }),
  }),
  defineRoute({
    contract: contracts.listOutbox,
    door: 'admin.read',
    verb: listOutbox,
    input: ({ query }) => query,
    present: ({ mails, nextCursor }) => ({
      items: mails.map(presentOutboxMail),
      next_cursor: nextCursor ?? null,
      has_more: nextCursor !== undefined,
    }),
  }),
  defineRoute({
    contract: contracts.getOutboxMail,
    door: 'admin.read',
    verb: getOutboxMail,
    input: ({ params }) => ({ id: contracts.fromPublicId('mail', params.id) ?? '' }),
    present: (mail) => ({
      ...presentOutboxMail(mail),
      text: mail.body?.text ?? null,
      html: mail.body?.html ?? null,
    }),
  }),
]
