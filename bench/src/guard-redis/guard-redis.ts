// Limits shared through Redis: ours with three limits a call against rate-limiter-flexible with one, 50 at a time, on
// one server that this benchmark starts.
import { compileLimit, type Limit } from '@levqor/guard'
import { createRedisLimitStore } from '@levqor/guard/redis'
import { startRedis } from '@levqor/testing'
import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Benchmark, Figures } from '../harness/benchmark.ts'

export interface RedisCounts {
  readonly calls: number
  readonly concurrent: number
}

const usual: RedisCounts = { calls: 200_000, concurrent: 50 }
const subjects = 1_000
// High enough that every call passes.
const quota = 1_000_000
const windowMs = 3_600_000

/** @param counts smaller ones for tests; rates of tiny counts mean nothing */
export function guardRedis(counts: RedisCounts = usual): Benchmark {
  return {
    name: 'guard-redis',
    about: 'three shared limits a call against one of rate-limiter-flexible, on Redis',
    async prepare() {
      const server = await startRedis()
      const [ours, theirs] = [new Redis(server.url), new Redis(server.url)]
      const store = createRedisLimitStore({ redis: ours, namespace: 'bench' })
      const limits: readonly Limit[] = ['by-address', 'by-key', 'by-workspace'].map((name) =>
        compileLimit({ name, by: 'address', quota, windowMs }),
      )
      const peer = new RateLimiterRedis({ storeClient: theirs, points: quota, duration: windowMs / 1000 })
      return {
        contestants: [
          {
            name: 'levqor',
            measure: () =>
              underLoad(counts, async (subject) => {
                const verdict = await store.take(limits.map((limit) => ({ limit, subject })))
                if (!verdict.allowed) throw new Error('refused')
              }),
          },
          {
            name: 'rate_limiter_flexible',
            measure: () => underLoad(counts, async (subject) => void (await peer.consume(subject))),
          },
        ],
        ratios: [
          {
            name: 'vs_rate_limiter_flexible',
            of: 'levqor.calls_per_second',
            to: 'rate_limiter_flexible.calls_per_second',
          },
          { name: 'p99_ratio', of: 'levqor.p99_ms', to: 'rate_limiter_flexible.p99_ms' },
        ],
        notes: [
          `${counts.calls} calls over ${subjects} subjects, ${counts.concurrent} at a time, one connection each side with the same settings, one server.`,
          'Ours decides three token buckets a call, all or none; the peer one fixed window.',
        ],
        async close() {
          ours.disconnect()
          theirs.disconnect()
          await server[Symbol.asyncDispose]()
        },
      }
    },
  }
}

async function underLoad(
  { calls, concurrent }: RedisCounts,
  call: (subject: string) => Promise<void>,
): Promise<Figures> {
  const times = new Float64Array(calls)
  let next = 0
  const work = async () => {
    while (next < calls) {
      const mine = next++
      const started = performance.now()
      await call(`198.51.100.${(mine * 7919) % subjects}`)
      times[mine] = performance.now() - started
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: concurrent }, work))
  const seconds = (performance.now() - started) / 1000
  times.sort()
  return {
    calls_per_second: calls / seconds,
    p50_ms: times[Math.floor(calls * 0.5)] ?? 0,
    p99_ms: times[Math.floor(calls * 0.99)] ?? 0,
  }
}
