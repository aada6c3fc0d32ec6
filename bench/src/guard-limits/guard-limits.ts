// Counting one limit in memory: ours against rate-limiter-flexible, on the same keys in the same order.
import { compileLimit, createMemoryLimitStore, systemClock } from '@levqor/guard'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Benchmark } from '../harness/benchmark.ts'

export interface LimitCounts {
  readonly calls: number
  readonly subjects: number
}

const usual: LimitCounts = { calls: 3_000_000, subjects: 1_000 }
// High enough that every call passes: what a refusal costs is another question.
const quota = 1_000_000_000
const windowMs = 3_600_000

/** @param counts smaller ones for tests; rates of tiny counts mean nothing */
export function guardLimits(counts: LimitCounts = usual): Benchmark {
  const { calls, subjects } = counts
  return {
    name: 'guard-limits',
    about: 'counting a limit in memory against rate-limiter-flexible',
    async prepare() {
      const names = Array.from({ length: subjects }, (_, i) => `198.51.${i >> 8}.${i & 255}`)
      const limit = compileLimit({ name: 'by-address', by: 'address', quota, windowMs })
      const store = createMemoryLimitStore({ clock: systemClock })
      const peer = new RateLimiterMemory({ points: quota, duration: windowMs / 1000 })
      return {
        contestants: [
          {
            name: 'levqor',
            async measure() {
              const before = process.cpuUsage()
              for (let i = 0; i < calls; i++) {
                const verdict = store.take([{ limit, subject: names[(i * 7919) % subjects] ?? '' }])
                if (!verdict.allowed) throw new Error('refused')
              }
              return { calls_per_cpu_second: rate(calls, before) }
            },
          },
          {
            name: 'rate_limiter_flexible',
            async measure() {
              const before = process.cpuUsage()
              for (let i = 0; i < calls; i++) await peer.consume(names[(i * 7919) % subjects] ?? '')
              return { calls_per_cpu_second: rate(calls, before) }
            },
          },
        ],
        ratios: [
          {
            name: 'vs_rate_limiter_flexible',
            of: 'levqor.calls_per_cpu_second',
            to: 'rate_limiter_flexible.calls_per_cpu_second',
          },
        ],
        notes: [
          `${calls} calls over ${subjects} addresses, one limit each, all of which pass. Ours answers at once; the peer's promise is awaited, as its users must. Rates are per second of this process’s CPU time.`,
          'Ours: token bucket with quota, burst, remaining and reset. The peer: a counter per fixed window.',
        ],
        close: async () => undefined,
      }
    },
  }
}

function rate(calls: number, before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (calls * 1_000_000) / (user + system)
}
