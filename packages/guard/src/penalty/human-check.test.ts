// The check between slower and blocked: who must show it, how long it holds, and what inventing tokens costs.
import { describe, expect, it } from 'vitest'
import type { Challenge, ChallengeResult } from '../challenge/challenge.ts'
import { type GuardForTests, guardForTests } from '../kernel/guard-for-tests.ts'
import type { PenaltyPolicy } from './penalty-policy.ts'

const minute = 60_000
const penalties: PenaltyPolicy = {
  levels: [
    { strikes: 2, windowMs: minute, lastsMs: 5 * minute, cost: 2 },
    { strikes: 2, windowMs: minute, lastsMs: 10 * minute, cost: 4, demand: 'challenge' },
    { strikes: 2, windowMs: minute, lastsMs: 20 * minute, demand: 'block' },
  ],
}

function setup({ penalties: chosen = penalties, ...options }: GuardForTests & { penalties?: PenaltyPolicy }) {
  const parts = guardForTests({ ...options, policy: { penalties: chosen } })
  const strike = async (times: number) => {
    for (let i = 0; i < times; i++) {
      parts.clock.advance(100)
      await parts.ask('key', { outcome: 'invalid' })
    }
  }
  const levels = () => parts.guard.penalties.list().map(({ level }) => level)
  return { ...parts, strike, levels }
}

function person(results: readonly ChallengeResult[]) {
  const seen: string[] = []
  const left = [...results]
  const challenge: Challenge = {
    verify: async (token) => {
      seen.push(token)
      return left.shift() ?? 'failed'
    },
  }
  return { challenge, seen }
}

describe('a human check', () => {
  const show = (token: string) => ({ headers: { 'x-challenge-token': token } })

  it('is asked for at its level, and whoever passes it goes on, slower', async () => {
    const { challenge, seen } = person(['ok'])
    const { strike, ask, names } = setup({ challenge })
    await strike(5)
    expect(await ask('open', undefined)).toMatchObject({ outcome: 'deny', reason: 'challenge_required' })
    const passed = await ask('open', undefined, show('t1'))
    expect(passed.reason).toBe('allowed')
    expect((await ask('open', undefined)).reason).toBe('allowed')
    expect(seen).toEqual(['t1'])
    expect(names()).toContain('challenge.passed')
    expect(passed.passage.cost).toBe(4)
  })

  it('one page’s requests with one token are one check', async () => {
    const { challenge, seen } = person(['ok'])
    const { strike, ask } = setup({ challenge })
    await strike(5)
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('open', undefined, show('t1'))))
    expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set(['allowed']))
    expect(seen).toEqual(['t1'])
  })

  it('that fails is told and counts, so that guessing leads to the block', async () => {
    const { challenge } = person([])
    const { strike, ask, clock, levels, names } = setup({ challenge })
    await strike(5)
    for (let i = 0; i < 2; i++) {
      clock.advance(100)
      expect((await ask('open', undefined, show(`bad-${i}`))).reason).toBe('challenge_required')
    }
    expect(levels()).toEqual([3])
    expect(names()).toContain('challenge.failed')
  })

  it('invented tokens cost us a bounded number of questions', async () => {
    const { challenge, seen } = person([])
    const long: PenaltyPolicy = {
      levels: [{ strikes: 1, windowMs: minute, lastsMs: minute, demand: 'challenge' }],
    }
    const { strike, ask } = setup({ challenge, penalties: long })
    await strike(2)
    for (let i = 0; i < 200; i++) await ask('open', undefined, show(`bad-${i}`))
    expect(seen.length).toBe(10)
    await ask('open', undefined, show('x'.repeat(8193)))
    await ask('open', undefined, { headers: { 'x-challenge-token': ['a', 'b'] } })
    expect(seen.length).toBe(10)
  })

  it.each([
    ['deny', 'challenge_required'],
    ['allow', 'allowed'],
  ] as const)('whose service is away: the policy says %s', async (onChallengeUnavailable, reason) => {
    const challenge: Challenge = { verify: () => Promise.reject(new Error('gone')) }
    const { strike, ask, names } = setup({
      challenge,
      penalties: { ...penalties, onChallengeUnavailable },
    })
    await strike(5)
    expect((await ask('open', undefined, show('t'))).reason).toBe(reason)
    expect(names()).toContain('challenge.unavailable')
  })

  it('holds for its time, also after a further strike, and no longer', async () => {
    const { challenge } = person(['ok'])
    const level = { strikes: 1, windowMs: minute, lastsMs: 60 * minute, demand: 'challenge' } as const
    const { strike, ask, clock } = setup({ challenge, penalties: { levels: [level], humanMs: minute } })
    await strike(2)
    await ask('open', undefined, show('t1'))
    await strike(1)
    expect((await ask('open', undefined)).reason).toBe('allowed')
    clock.advance(2 * minute)
    expect((await ask('open', undefined)).reason).toBe('challenge_required')
  })
})
