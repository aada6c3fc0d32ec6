import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { guardLimits } from './guard-limits.ts'

it('measures ours against rate-limiter-flexible', async () => {
  const report = await runBenchmark(guardLimits({ calls: 200, subjects: 20 }), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(report.ratios.vs_rate_limiter_flexible).toBeGreaterThan(0)
})
