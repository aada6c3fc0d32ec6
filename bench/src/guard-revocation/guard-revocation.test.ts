import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { guardRevocation } from './guard-revocation.ts'

it('measures how long an ended session is still let in by another process', async () => {
  const report = await runBenchmark(guardRevocation({ main: 4, beside: 0 }), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(Object.keys(report.ratios)).toEqual(
    expect.arrayContaining(['p99_ms', 'http_p99_ms', 'socket_p99_ms']),
  )
  for (const ms of Object.values(report.ratios)) expect(ms).toBeGreaterThan(0)
}, 60_000)
