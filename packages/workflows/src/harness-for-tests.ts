// Real parts around the engine for this package's tests: database, store, runner, egress, mail, a page server.
import { type Database, openDatabase } from '@levqor/database'
import { createEgress } from '@levqor/guard/egress'
import { createWebhookSecret } from '@levqor/guard/webhooks'
import {
  createJobStore,
  createRunner,
  type Job,
  type JobStore,
  jobsSchema,
  type Runner,
  type Task,
} from '@levqor/jobs'
import {
  createMailer,
  createMailTask,
  createOutboxTransport,
  listMails,
  mailQueue,
  mailSchema,
  type ReadableMail,
  readMail,
} from '@levqor/mail'
import {
  type HttpFixture,
  httpFixture,
  type ManualClock,
  manualClock,
  realIds,
  sqliteForTests,
  until,
} from '@levqor/testing'
import { callbackFollowUps, callbackQueue, callbackTask } from './callback/callback-task.ts'
import type { ConnectorServices, ConnectorTable } from './connectors/connector.ts'
import { connectors as allConnectors } from './connectors/connector-table.ts'
import type { CheckedDefinition } from './definition/check-definition.ts'
import type { Definition } from './definition/definition.ts'
import { workflowTask, workflowTaskId } from './engine/workflow-task.ts'
import type { Sandbox } from './sandbox/create-sandbox.ts'
import { type SavedWorkflow, saveWorkflow } from './store/save-workflow.ts'
import { workflowsSchema } from './store/workflows-schema.ts'

export const workspaceId = '01930000-0000-7000-8000-000000000001'

export interface Harness {
  readonly clock: ManualClock
  readonly database: Database
  readonly store: JobStore
  readonly services: ConnectorServices
  readonly secret: string
  /** A page server that may be reached; answers by path. */
  site(handler: Parameters<typeof httpFixture>[0]): Promise<HttpFixture>
  publish(definition: Definition): Promise<SavedWorkflow>
  submit(definition: Definition, payload: unknown, more?: { readonly callbackUrl?: string }): Promise<string>
  /** Starts another worker. */
  work(options?: { readonly connectors?: ConnectorTable; readonly leaseMs?: number }): Runner
  /** Publishes, submits, works until the job is finished. */
  run(
    definition: Definition,
    payload?: unknown,
    options?: { readonly connectors?: ConnectorTable },
  ): Promise<Job>
  finished(jobId: string): Promise<Job>
  /** The newest mail, once its body can be read. */
  lastMail(): Promise<ReadableMail>
  close(): Promise<void>
}

export async function openHarness(sandbox: Sandbox): Promise<Harness> {
  const clock = manualClock()
  const ids = realIds()
  const file = await sqliteForTests()
  const database = await openDatabase({
    url: file.url,
    schemas: [jobsSchema, mailSchema, workflowsSchema],
    clock,
    ids,
    synchronous: 'NORMAL',
  })
  const present = (job: Job) => ({ job_id: job.id, status: job.state, result: job.result ?? null })
  const store = createJobStore({ database, clock, ids, followUps: callbackFollowUps({ present }) })
  const secret = createWebhookSecret()
  const services: ConnectorServices = {
    egress: createEgress({ allow: ['127.0.0.0/8'] }),
    sandbox,
    database,
    mailer: createMailer({ jobs: store, clock, ids }),
    webhookSecret: async () => secret,
    clock,
  }
  const runners: Runner[] = []
  const sites: HttpFixture[] = []

  const publish = (definition: Definition) =>
    database
      .workspace(workspaceId)
      // Tests that are about checking check; these are about running.
      .transaction((tx) => saveWorkflow(tx, { definition: definition as CheckedDefinition }, { clock, ids }))

  async function submit(definition: Definition, payload: unknown, more = {}): Promise<string> {
    const { workflowId, versionId, name } = await publish(definition)
    const { jobId } = await database.workspace(workspaceId).transaction((tx) =>
      store.enqueue(tx, {
        workspaceId,
        kind: workflowTaskId,
        payload,
        workflow: { id: workflowId, versionId, name },
        // Failures of a test are not waited for.
        retryDelaysMs: [0, 0],
        ...more,
      }),
    )
    return jobId
  }

  function work(options: { readonly connectors?: ConnectorTable; readonly leaseMs?: number } = {}): Runner {
    const tasks: Task[] = [
      workflowTask({ connectors: options.connectors ?? allConnectors, services }),
      callbackTask(services),
      createMailTask({ database, transport: createOutboxTransport(), clock }),
    ]
    const runner = createRunner({
      store,
      tasks,
      queues: ['default', callbackQueue, mailQueue],
      pollMs: 20,
      retention: false,
      ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs, heartbeatMs: 1_000_000 }),
    })
    runner.start()
    runners.push(runner)
    return runner
  }

  async function finished(jobId: string): Promise<Job> {
    let job = await store.get({ jobId })
    await until(
      async () => {
        job = await store.get({ jobId })
        return job !== undefined && ['succeeded', 'dead', 'cancelled'].includes(job.state)
      },
      { timeoutMs: 15_000, what: 'the job to finish' },
    )
    if (!job) throw new Error('There is no such job.')
    return job
  }

  return {
    clock,
    database,
    store,
    services,
    secret,
    publish,
    submit,
    work,
    finished,
    async lastMail() {
      const { read } = database.workspace(workspaceId)
      let mail: ReadableMail | undefined
      await until(
        async () => {
          const [newest] = (await listMails(read)).mails
          mail = newest && (await readMail(read, newest.id))
          return mail?.body !== undefined
        },
        { what: 'the mail to be sent' },
      )
      if (!mail) throw new Error('There is no mail.')
      return mail
    },
    async site(handler) {
      const made = await httpFixture(handler)
      sites.push(made)
      return made
    },
    async run(definition, payload = {}, options = {}) {
      const jobId = await submit(definition, payload)
      work(options)
      return finished(jobId)
    },
    async close() {
      await Promise.all(runners.map((runner) => runner.stop({ handBackAfterMs: 0 })))
      await Promise.all(sites.map((site) => site.close()))
      await database.close()
      await file.drop()
    },
  }
}
