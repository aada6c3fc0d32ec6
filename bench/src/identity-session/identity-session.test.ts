import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { identitySession } from './identity-session.ts'

it('measures a session cookie against a signed token; every request is answered', async () => {
  const report = await runBenchmark(identitySession(2_000), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(report.ratios.vs_guard_http).toBeGreaterThan(0)
}, 60_000)
