// Workflows of four steps on our engine: each step's output is a checkpoint on disk before the next one begins.
import { join } from 'node:path'
import { defineTask } from '@levqor/jobs'
import type { Contestant } from '../harness/benchmark.ts'
import { openLevqorEngine } from './levqor-engine.ts'
import { type Counts, expectDone, perSecond } from './workload.ts'

const fourSteps = defineTask({
  id: 'four-steps',
  async run({ steps }) {
    let sum = 0
    for (const position of [0, 1, 2, 3]) {
      const stepId = `step-${position}`
      const start = await steps.begin({ stepId, position, connector: 'bench', effect: 'idempotent' })
      if (start.kind !== 'run') throw new Error(`The step ${stepId} ran before.`)
      sum += position
      await steps.finish(stepId, { output: { sum } })
    }
    return { kind: 'succeeded', result: { sum } }
  },
})

export function levqorWorkflows(name: string, folder: string, counts: Counts): Contestant {
  let round = 0
  return {
    name,
    async measure() {
      const engine = await openLevqorEngine(join(folder, `${name}-${round++}`), 'FULL')
      try {
        const total = counts.workflows
        const started = await perSecond(total, () => engine.enqueue(fourSteps.id, total))
        const processed = await perSecond(total, () => engine.process(fourSteps, total))
        expectDone(name, total, await engine.succeeded())
        return { start_per_second: started, workflows_per_second: processed }
      } finally {
        await engine.close()
      }
    },
  }
}
