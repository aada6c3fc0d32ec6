import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { intakeHttp } from './intake-http.ts'

it('measures the real server against the bare one, and both store what they accept', async () => {
  const report = await runBenchmark(intakeHttp({ requests: 96, singleRequests: 8 }), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  const { accepted_vs_bare: many, accepted_vs_bare_single: single } = report.ratios
  expect(many).toBeGreaterThan(0)
  expect(single).toBeGreaterThan(0)
}, 60_000)
