// Jobs on the embedded database: ours against the least that could do it, and against a durable workflow engine.
import type { Benchmark } from '../harness/benchmark.ts'
import { levqorDefinition } from './levqor-definition.ts'
import { levqorStore } from './levqor-store.ts'
import { levqorWorkflows } from './levqor-workflows.ts'
import { openWorkflow, openWorkflowSynchronous } from './openworkflow.ts'
import { thinStore } from './thin-store.ts'
import { batchSize, type Counts, concurrency } from './workload.ts'

const usual: Counts = { single: 3_000, batched: 5_000, workflows: 400 }

// OpenWorkflow sleeps 50 ms and more when all its slots are taken, so with few slots it measures its sleep. Tried with
// 1 to 1000 slots: 13/s with one, 200/s with 16, about 420/s from 100 to 256, less beyond. It gets its best.
const bestSlots = 128

/** @param counts smaller ones for tests; rates of tiny counts mean nothing */
export function jobsEmbedded(counts: Counts = usual): Benchmark {
  return {
    name: 'jobs-embedded',
    about: 'job store and runner on SQLite against a thin store and OpenWorkflow',
    async prepare(folder) {
      return {
        contestants: [
          levqorStore('levqor_full', folder, 'FULL', counts),
          thinStore('thin_full', folder, 'FULL', counts),
          levqorStore('levqor_normal', folder, 'NORMAL', counts),
          thinStore('thin_normal', folder, 'NORMAL', counts),
          levqorWorkflows('levqor_workflows', folder, counts),
          levqorDefinition('levqor_definition', folder, counts),
          openWorkflow('openworkflow', folder, counts, bestSlots),
          openWorkflow('openworkflow_16', folder, counts, concurrency),
        ],
        ratios: [
          ...(['full', 'normal'] as const).flatMap((level) => againstThin(level)),
          {
            name: 'workflows_vs_openworkflow',
            of: 'levqor_workflows.workflows_per_second',
            to: 'openworkflow.workflows_per_second',
          },
          {
            name: 'definition_vs_openworkflow',
            of: 'levqor_definition.workflows_per_second',
            to: 'openworkflow.workflows_per_second',
          },
          {
            name: 'workflows_vs_openworkflow_16',
            of: 'levqor_workflows.workflows_per_second',
            to: 'openworkflow_16.workflows_per_second',
          },
        ],
        notes: [
          `enqueue: ${counts.single} jobs by ${concurrency} callers, a transaction each; enqueue_batched: ${counts.batched} jobs, ${batchSize} to a transaction.`,
          `process: empty tasks, ${concurrency} at a time. The thin store commits every claim and every settlement; its process_batched claims and settles ${concurrency} at a time, as our runner does.`,
          `workflows: ${counts.workflows} runs of four steps, started beforehand, ${concurrency} at a time; OpenWorkflow gets ${bestSlots} slots, where it is fastest, and once ${concurrency}. Ours at FULL; OpenWorkflow leaves synchronous at its default, here ${openWorkflowSynchronous(folder)}.`,
        ],
        close: async () => undefined,
      }
    },
  }
}

function againstThin(level: 'full' | 'normal') {
  const ours = `levqor_${level}`
  const thin = `thin_${level}`
  return [
    {
      name: `enqueue_vs_thin_${level}`,
      of: `${ours}.enqueue_per_second`,
      to: `${thin}.enqueue_per_second`,
    },
    {
      name: `enqueue_batched_vs_thin_${level}`,
      of: `${ours}.enqueue_batched_per_second`,
      to: `${thin}.enqueue_batched_per_second`,
    },
    {
      name: `process_vs_thin_${level}`,
      of: `${ours}.process_per_second`,
      to: `${thin}.process_per_second`,
    },
    {
      name: `process_vs_thin_batched_${level}`,
      of: `${ours}.process_per_second`,
      to: `${thin}.process_batched_per_second`,
    },
  ]
}
