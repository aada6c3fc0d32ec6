import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { guardTokens } from './guard-tokens.ts'

it('measures ours against jose, new and repeated', async () => {
  const report = await runBenchmark(guardTokens({ fresh: 20, repeated: 40 }), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(Object.keys(report.ratios)).toEqual(expect.arrayContaining(['vs_jose', 'vs_jose_new']))
  for (const ratio of Object.values(report.ratios)) expect(ratio).toBeGreaterThan(0)
})
