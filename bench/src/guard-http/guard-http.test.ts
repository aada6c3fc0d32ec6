import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { guardHttp } from './guard-http.ts'

it('measures the guarded route against the bare one and against plugins', async () => {
  const report = await runBenchmark(guardHttp(2_000), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(Object.keys(report.ratios)).toEqual(['vs_bare', 'vs_bare_paced', 'vs_plugins', 'vs_plugins_cached'])
  for (const ratio of Object.values(report.ratios)) expect(ratio).toBeGreaterThan(0)
}, 60_000)
