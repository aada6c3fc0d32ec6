import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { guardExpressBenchmark } from './guard-express.ts'

it('measures the guarded route against the usual middleware', async () => {
  const report = await runBenchmark(guardExpressBenchmark(1_000), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(report.ratios.vs_plugins).toBeGreaterThan(0)
}, 60_000)
