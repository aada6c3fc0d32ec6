// Our store against the thin one: empty jobs.
import { join } from 'node:path'
import { defineTask } from '@levqor/jobs'
import type { Contestant } from '../harness/benchmark.ts'
import { openLevqorEngine } from './levqor-engine.ts'
import { type Counts, expectDone, perSecond } from './workload.ts'

const empty = defineTask({
  id: 'empty',
  async run() {
    return { kind: 'succeeded', result: null }
  },
})

export function levqorStore(
  name: string,
  folder: string,
  synchronous: 'FULL' | 'NORMAL',
  counts: Counts,
): Contestant {
  let round = 0
  return {
    name,
    async measure() {
      const engine = await openLevqorEngine(join(folder, `${name}-${round++}`), synchronous)
      try {
        const total = counts.single + counts.batched
        const enqueue = await perSecond(counts.single, () => engine.enqueue(empty.id, counts.single))
        const batched = await perSecond(counts.batched, () => engine.enqueueBatched(empty.id, counts.batched))
        const processed = await perSecond(total, () => engine.process(empty, total))
        expectDone(name, total, await engine.succeeded())
        return {
          enqueue_per_second: enqueue,
          enqueue_batched_per_second: batched,
          process_per_second: processed,
        }
      } finally {
        await engine.close()
      }
    },
  }
}
