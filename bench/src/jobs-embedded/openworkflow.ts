// The peer: OpenWorkflow on its own SQLite backend, with the same four steps.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OpenWorkflow } from 'openworkflow'
import { BackendSqlite } from 'openworkflow/sqlite'
import type { Contestant } from '../harness/benchmark.ts'
import { type Counts, expectDone, inParallel, nextTurn, payload, perSecond } from './workload.ts'

/** @param slots workflows it runs at a time */
export function openWorkflow(name: string, folder: string, counts: Counts, slots: number): Contestant {
  let round = 0
  return {
    name,
    async measure() {
      const own = join(folder, `${name}-${round++}`)
      mkdirSync(own)
      const backend = BackendSqlite.connect(join(own, 'workflows.db'))
      const engine = new OpenWorkflow({ backend })
      let returned = 0
      const fourSteps = engine.defineWorkflow({ name: 'four-steps' }, async ({ step }) => {
        let sum = 0
        for (const position of [0, 1, 2, 3]) {
          const output = await step.run({ name: `step-${position}` }, async () => ({ sum: sum + position }))
          sum = output.sum
        }
        returned += 1
        return { sum }
      })
      const total = counts.workflows
      const worker = engine.newWorker({ concurrency: slots })
      const completed = async () => (await backend.countWorkflowRuns()).completed
      async function processAll(): Promise<void> {
        await worker.start()
        while (returned < total) await new Promise((resolve) => setTimeout(resolve, 1))
        while ((await completed()) < total) await nextTurn()
      }
      try {
        const started = await perSecond(total, () => inParallel(total, () => fourSteps.run(payload)))
        const processed = await perSecond(total, processAll)
        expectDone(name, total, await completed())
        return { start_per_second: started, workflows_per_second: processed }
      } finally {
        await worker.stop()
        await backend.stop()
      }
    },
  }
}

/** OpenWorkflow sets WAL and leaves `synchronous` alone, so it has what SQLite was built with. */
export function openWorkflowSynchronous(folder: string): string {
  const database = new DatabaseSync(join(folder, 'synchronous.db'))
  database.exec('PRAGMA journal_mode = WAL')
  const level = Number(database.prepare('PRAGMA synchronous').get()?.synchronous)
  database.close()
  return ['OFF', 'NORMAL', 'FULL', 'EXTRA'][level] ?? String(level)
}
