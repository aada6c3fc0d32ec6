import { redisAvailable } from '@levqor/testing'
import { expect, it } from 'vitest'
import { runBenchmark } from '../harness/run-benchmark.ts'
import { guardRedis } from './guard-redis.ts'

it.skipIf(!redisAvailable('own'))('measures ours against rate-limiter-flexible', async () => {
  const report = await runBenchmark(guardRedis({ calls: 100, concurrent: 10 }), {
    rounds: 1,
    warmUp: false,
    progress: () => undefined,
  })
  expect(report.ratios.vs_rate_limiter_flexible).toBeGreaterThan(0)
  expect(report.ratios.p99_ratio).toBeGreaterThan(0)
})
