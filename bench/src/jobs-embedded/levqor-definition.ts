// A published workflow of four steps through the whole engine: templates and expressions in the sandbox process,
// parameters checked by schema, log lines and progress beside the checkpoints.
import { join } from 'node:path'
import { createEgress } from '@levqor/guard/egress'
import { createMailer } from '@levqor/mail'
import {
  checkDefinition,
  connectors,
  createSandbox,
  type Sandbox,
  saveWorkflow,
  workflowTask,
  workflowTaskId,
} from '@levqor/workflows'
import type { Contestant } from '../harness/benchmark.ts'
import { type LevqorEngine, openLevqorEngine } from './levqor-engine.ts'
import { type Counts, expectDone, perSecond } from './workload.ts'

const fourSteps = {
  name: 'four-steps',
  steps: [
    { id: 'greeting', use: 'text.template', with: { text: 'Page {{ payload.url }}' } },
    { id: 'deeper', use: 'data.transform', with: { expression: 'payload.depth + 1' } },
    { id: 'twice', use: 'data.transform', with: { expression: 'steps.deeper * 2' } },
    { id: 'text', use: 'text.template', with: { text: '{{ steps.greeting.text }}: {{ steps.twice }}' } },
  ],
  output: { text: '{{ steps.text.text }}' },
}

export function levqorDefinition(name: string, folder: string, counts: Counts): Contestant {
  let round = 0
  return {
    name,
    async measure() {
      const engine = await openLevqorEngine(join(folder, `${name}-${round++}`), 'FULL')
      const sandbox = createSandbox()
      try {
        const total = counts.workflows
        const workflow = await publish(engine, sandbox)
        const task = taskOf(engine, sandbox)
        // The first run starts the sandbox's process.
        await engine.enqueue(workflowTaskId, 1, workflow)
        await engine.process(task, 1)
        const started = await perSecond(total, () => engine.enqueue(workflowTaskId, total, workflow))
        const processed = await perSecond(total, () => engine.process(task, total))
        expectDone(name, total + 1, await engine.succeeded())
        return { start_per_second: started, workflows_per_second: processed }
      } finally {
        await sandbox.close()
        await engine.close()
      }
    },
  }
}

async function publish({ database, workspaceId }: LevqorEngine, sandbox: Sandbox) {
  const result = await checkDefinition(fourSteps, { connectors, sandbox, workspaceId })
  if (!result.ok) throw new Error(`The definition is refused: ${JSON.stringify(result.problems)}`)
  const { definition } = result
  const saved = await database
    .workspace(workspaceId)
    .transaction((tx) => saveWorkflow(tx, { definition }, database))
  return { id: saved.workflowId, versionId: saved.versionId, name: saved.name }
}

function taskOf({ database, store }: LevqorEngine, sandbox: Sandbox) {
  const { clock, ids } = database
  return workflowTask({
    connectors,
    services: {
      sandbox,
      database,
      clock,
      egress: createEgress({ allow: [] }),
      mailer: createMailer({ jobs: store, clock, ids }),
      webhookSecret: () => Promise.reject(new Error('No step signs anything.')),
    },
  })
}
