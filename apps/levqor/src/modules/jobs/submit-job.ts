// Accepts a job: everything that can be wrong is found before the transaction, and the transaction is all or nothing.
import { idempotencyKey, intakeBody, toPublicId } from '@levqor/client'
import { digestJson } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { defineVerb } from '../../services.ts'

/** Bytes of the payload as JSON in UTF-8. */
export const maxPayloadBytes = 200 * 1024

export const submitJob = defineVerb({
  name: 'jobs.submit',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'member', scope: 'jobs:write' },
  input: z.object({ body: intakeBody, idempotencyKey: idempotencyKey.optional() }),
  // Outside the transaction: names are resolved and patterns run here. A published version never changes, so a
  // decision about it cannot be overtaken.
  async prepare({ db, services }, { body }) {
    const payload = body.payload ?? {}
    if (Buffer.byteLength(JSON.stringify(payload)) > maxPayloadBytes) throw serviceError('payload_too_large')
    const version = await services.workflows.newest(db, body.workflow)
    if (!version) {
      throw serviceError('unknown_workflow', {
        detail: `There is no workflow named ${body.workflow}. GET /api/v1/workflows lists them.`,
      })
    }
    const problems = await services.workflows.checkPayload(version, payload)
    if (problems.length > 0) throw serviceError('invalid_payload', { problems })
    if (body.callback_url !== undefined) await services.workflows.checkCallback(body.callback_url)
    return { payload, version }
  },
  async run(
    { db, services, workspaceId, requestId, audit, changedNothing },
    { body, idempotencyKey: key },
    { payload, version },
  ) {
    const { jobId, status, replayed } = await services.jobs.enqueue(db, {
      workspaceId,
      kind: 'workflow',
      payload,
      priority: body.priority,
      workflow: { id: version.workflowId, versionId: version.id, name: version.name },
      requestId,
      ...(body.run_at === undefined ? {} : { runAt: Date.parse(body.run_at) }),
      ...(body.callback_url === undefined ? {} : { callbackUrl: body.callback_url }),
      ...(key === undefined ? {} : { idempotency: { key, bodyDigest: digestJson({ ...body, payload }) } }),
    })
    if (replayed) changedNothing()
    else {
      await audit({
        action: 'job.submitted',
        target: { kind: 'job', id: jobId },
        details: { workflow: version.name, version: version.number },
      })
    }
    return { job_id: toPublicId('job', jobId), status }
  },
})
