// Accepts a job: everything that can be wrong is found before the transaction, and the transaction is all or nothing.
import { idempotencyKey, intakeBody, toPublicId } from '@levqor/client'
import { digestJson, type WorkspaceReader } from '@levqor/database'
import type { EnqueueResult } from '@levqor/jobs'
import { serviceError } from '@levqor/server'
import { checkCallbackUrl, getWorkflow, workflowTaskId } from '@levqor/workflows'
import { z } from 'zod'
import { defineVerb, type LevqorServices } from '../../services.ts'

/** Bytes of the payload as JSON in UTF-8. */
const maxPayloadBytes = 200 * 1024

export const submitJob = defineVerb({
  name: 'jobs.submit',
  kind: 'write',
  access: { actors: ['user', 'apiKey'], role: 'member', scope: 'jobs:write', impersonated: 'allowed' },
  input: z.object({ body: intakeBody, idempotencyKey: idempotencyKey.optional() }),
  // Outside the transaction: names are resolved and patterns run here. A published version never changes, so a
  // decision about it cannot be overtaken.
  async prepare(ctx, { body, idempotencyKey: key }) {
    const idempotency = key === undefined ? undefined : { key, bodyDigest: digestJson(body) }
    try {
      return { ...(await checkSubmission(ctx, body)), idempotency }
    } catch (refusal) {
      // A repeated request gets its first answer, whatever has become of the workflow or the callback since.
      const { services, workspaceId } = ctx
      const earlier = idempotency && (await services.jobs.findEnqueued({ workspaceId, ...idempotency }))
      if (earlier) return { earlier }
      throw refusal
    }
  },
  async run({ db, services, workspaceId, requestId, audit, changedNothing }, { body }, prepared) {
    if ('earlier' in prepared) {
      changedNothing()
      return answer(prepared.earlier)
    }
    const { payload, version, idempotency } = prepared
    const result = await services.jobs.enqueue(db, {
      workspaceId,
      kind: workflowTaskId,
      payload,
      priority: body.priority,
      workflow: { id: version.workflowId, versionId: version.versionId, name: version.name },
      requestId,
      ...(body.run_at === undefined ? {} : { runAt: Date.parse(body.run_at) }),
      ...(body.callback_url === undefined ? {} : { callbackUrl: body.callback_url }),
      ...(idempotency === undefined ? {} : { idempotency }),
    })
    if (result.replayed) changedNothing()
    else {
      await audit({
        action: 'job.submitted',
        target: { kind: 'job', id: result.jobId },
        details: { workflow: version.name, version: version.version },
      })
    }
    return answer(result)
  },
})

function answer({ jobId, status }: EnqueueResult) {
  return { job_id: toPublicId('job', jobId), status }
}

interface SubmissionContext {
  readonly db: WorkspaceReader
  readonly services: LevqorServices
  readonly workspaceId: string
}

/** @throws ServiceError for everything that is wrong with the submission */
async function checkSubmission(
  { db, services, workspaceId }: SubmissionContext,
  body: z.output<typeof intakeBody>,
) {
  const payload = body.payload ?? {}
  if (Buffer.byteLength(JSON.stringify(payload)) > maxPayloadBytes) throw serviceError('payload_too_large')
  const version = await getWorkflow(db, { name: body.workflow })
  if (!version) {
    throw serviceError('unknown_workflow', {
      detail: `There is no workflow named ${body.workflow}. GET /api/v1/workflows lists them.`,
    })
  }
  const { versionId, definition } = version
  const checked = await services.checkPayload({ versionId, schema: definition.input, payload, workspaceId })
  if (!checked.ok) {
    const problems = checked.problems.map((problem) => ({
      ...problem,
      pointer: `/payload${problem.pointer}`,
    }))
    throw serviceError('invalid_payload', { problems })
  }
  if (body.callback_url !== undefined) await checkCallbackUrl(body.callback_url, services.egress)
  return { payload: checked.payload, version }
}
