import { type RunningRedis, redisAvailable, seededRandom, startRedis } from '@levqor/testing'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LimitAlgorithmName } from '../limits/algorithms.ts'
import { compileLimit, type Limit } from '../limits/limit.ts'
import type { LimitCharge, LimitVerdict } from '../limits/limit-store.ts'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import { createInjectedTimeLimitStore } from './injected-time-limit-store.ts'

/** Sets of limits that a group's traces share: many different ones in one call would mostly measure their transport. */
const limitSetsPerGroup = 8

/** Whether a caller sees the same. */
function same(a: LimitVerdict | undefined, b: LimitVerdict): boolean {
  return (
    a !== undefined &&
    a.allowed === b.allowed &&
    a.retryAfterMs === b.retryAfterMs &&
    a.states.length === b.states.length &&
    a.states.every((state, i) => {
      const other = b.states[i]
      return (
        state.limit === other?.limit &&
        state.remaining === other.remaining &&
        state.resetMs === other.resetMs &&
        state.exceeded === other.exceeded &&
        state.retryAfterMs === other.retryAfterMs
      )
    })
  )
}

interface Step {
  readonly trace: number
  readonly question: 'take' | 'peek'
  readonly charges: readonly LimitCharge[]
}

/** One rule for two plans, which share its count. */
interface Plans {
  readonly usual: Limit
  readonly pro: Limit
}

/** Limits of some traces: up to three, from fractions of a millisecond to a day, plans and costs included. */
function limitsOf(random: () => number, algorithm: LimitAlgorithmName): Plans[] {
  const oneOf = <T>(items: readonly [T, ...T[]]) => items[Math.floor(random() * items.length)] ?? items[0]
  return Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) => {
    const quota = 1 + Math.floor(random() * oneOf([3, 20, 100]))
    const cost = random() < 0.7 ? 1 : 1 + Math.floor(random() * quota)
    const windowMs = oneOf([0.25, 7, 90, 1000, 60_000, 3_600_000, 86_400_000])
    const byPlan = { default: quota, pro: quota * 2 }
    const facts = { name: `l${i}`, by: 'address' as const, quota: byPlan, windowMs, cost, algorithm }
    const bursts = algorithm === 'token-bucket' && random() < 0.5
    const rule = bursts ? { ...facts, burst: cost + Math.floor(random() * quota) } : facts
    return { usual: compileLimit(rule), pro: compileLimit(rule, 'pro') }
  })
}

/** Time between two steps: none, anything up to minutes, or exactly to where a limit has an edge. */
function nextMicros(random: () => number, limits: readonly Limit[]): number {
  const kind = random()
  if (kind < 0.4) return 0
  if (kind < 0.7) return Math.ceil(random() * 10 ** Math.floor(random() * 9))
  const limit = limits[Math.floor(random() * limits.length)]
  if (limit === undefined) return 0
  const { windowMicros, slotMicros, intervalMicros, capacityMicros } = limit
  const edges = [windowMicros, windowMicros - 1, slotMicros, slotMicros + 1, intervalMicros, capacityMicros]
  return edges[Math.floor(random() * edges.length)] ?? 0
}

describe.skipIf(!redisAvailable('own'))('memory and Redis give identical decisions', () => {
  let server: RunningRedis
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.kill()
  })

  /** Plays `groups` times as many traces of as many steps on both stores and returns what differed. */
  async function play(algorithm: LimitAlgorithmName, groups: number, traces: number, stepCount: number) {
    const random = seededRandom(2026)
    let nowMicros = 1_800_000_000_000_000
    // A tenth of a microsecond more, or the way through milliseconds and back would sometimes lose one.
    const clock = { now: () => (nowMicros + 0.1) / 1000 }
    const memory = createMemoryLimitStore({ clock })
    const namespace = `${algorithm}-${stepCount}`
    const shared = createInjectedTimeLimitStore({ redis, namespace, clock })
    const differences: unknown[] = []
    let compared = 0
    let refused = 0
    for (let group = 0; group < groups; group++) {
      const limits = Array.from({ length: limitSetsPerGroup }, () => limitsOf(random, algorithm))
      const edges = limits.flatMap((plans) => plans.map(({ usual }) => usual))
      const played: { step: Step; expected: LimitVerdict; answer: Promise<LimitVerdict> }[] = []
      for (let step = 0; step < stepCount; step++) {
        nowMicros += nextMicros(random, edges)
        for (let i = 0; i < traces; i++) {
          const trace = group * traces + i
          const charges = (limits[i % limitSetsPerGroup] ?? []).map(({ usual, pro }) => ({
            limit: random() < 0.9 ? usual : pro,
            subject: random() < 0.8 ? `${trace}` : `${trace}-other`,
          }))
          const question = random() < 0.9 ? 'take' : 'peek'
          const expected = memory[question](charges)
          played.push({ step: { trace, question, charges }, expected, answer: shared[question](charges) })
        }
      }
      for (const { step, expected, answer } of played) {
        const got = await answer
        compared++
        if (!expected.allowed) refused++
        if (!same(got, expected)) differences.push({ step, expected, got })
      }
    }
    return { differences, compared, refusedShare: refused / compared }
  }

  const algorithms: LimitAlgorithmName[] = ['token-bucket', 'sliding-window', 'fixed-window']

  it.each(algorithms)(
    'on 10,000 random seeded traces: %s',
    async (algorithm) => {
      const { differences, compared, refusedShare } = await play(algorithm, 40, 250, 6)
      expect(differences.slice(0, 3)).toEqual([])
      expect(compared).toBe(60_000)
      // Traces in which nothing is refused, or everything, would compare little.
      expect(refusedShare).toBeGreaterThan(0.15)
      expect(refusedShare).toBeLessThan(0.85)
    },
    60_000,
  )

  it.each(algorithms)(
    'on traces so long that everything was reused: %s',
    async (algorithm) => {
      const { differences } = await play(algorithm, 4, 16, 400)
      expect(differences.slice(0, 3)).toEqual([])
    },
    60_000,
  )
})
