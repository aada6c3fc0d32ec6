// The runners of one worker process: workflows, and small separate ones so that mail and callbacks never wait for them.
import type { Database } from '@levqor/database'
import type { Egress } from '@levqor/guard/egress'
import { createRunner, type JobStore, type Runner } from '@levqor/jobs'
import { createMailTask, type Mailer, mailQueue, openMailTransport } from '@levqor/mail'
import type { Config, Logger } from '@levqor/server'
import { callbackQueue, callbackTask, connectors, type Sandbox, workflowTask } from '@levqor/workflows'

export interface WorkerParts {
  readonly config: Config
  readonly database: Database
  readonly jobs: JobStore
  readonly mailer: Mailer
  readonly egress: Egress
  readonly sandbox: Sandbox
  readonly log: Logger
  webhookSecret(workspaceId: string): string
}

/** Starts all runners; the result stops them. */
export function startWorkers(parts: WorkerParts): { stop(): Promise<void> } {
  const { config, database, jobs, mailer, egress, sandbox } = parts
  const { clock } = database
  const webhookSecret = async (workspaceId: string) => parts.webhookSecret(workspaceId)
  const services = { egress, sandbox, database, mailer, webhookSecret, clock }
  const common = { store: jobs, leaseMs: config.leaseMs, log: parts.log }
  const runners: readonly Runner[] = [
    createRunner({
      ...common,
      tasks: [workflowTask({ connectors, services })],
      concurrency: config.concurrency,
    }),
    createRunner({
      ...common,
      tasks: [createMailTask({ database, transport: openMailTransport(config.mail), clock })],
      queues: [mailQueue],
      concurrency: 2,
      retention: false,
    }),
    createRunner({
      ...common,
      tasks: [callbackTask({ egress, clock, webhookSecret })],
      queues: [callbackQueue],
      concurrency: 4,
      retention: false,
    }),
  ]
  for (const runner of runners) runner.start()
  return {
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop({ handBackAfterMs: config.stopTimeoutMs })))
    },
  }
}
