import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { guardWebhooks } from './guard-webhooks.ts'

it('measures ours against the reference library and the bare computation', async () => {
  const report = await runBenchmark(guardWebhooks({ fast: 3, slow: 1 }), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(Object.keys(report.ratios)).toEqual(
    expect.arrayContaining(['vs_standardwebhooks_512k', 'vs_raw_hmac_512k']),
  )
  for (const ratio of Object.values(report.ratios)) expect(ratio).toBeGreaterThan(0)
})
