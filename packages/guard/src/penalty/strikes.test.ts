// Strikes: which refusals count against an address, wherever they are decided.
import { describe, expect, it } from 'vitest'
import { type GuardForTests, guardForTests, testActors, testPolicy } from '../kernel/guard-for-tests.ts'
import type { Exchange } from '../kernel/passage.ts'

const minute = 60_000
const wrong = { outcome: 'invalid', cause: 'unknown' } as const
const levels = [1, 2, 3].map((level) => ({
  strikes: 2,
  windowMs: minute,
  lastsMs: 5 * minute,
  cost: 2 * level,
}))

function setup({ policy, ...options }: GuardForTests = {}) {
  const parts = guardForTests({ ...options, policy: { penalties: { levels }, ...policy } })
  /** One refused credential after the other, far enough apart that each counts. */
  const strike = async (times: number, exchange: Partial<Exchange> = {}) => {
    for (let i = 0; i < times; i++) {
      parts.clock.advance(100)
      await parts.ask('key', wrong, exchange)
    }
  }
  return { ...parts, strike, levels: () => parts.guard.penalties.list().map(({ level }) => level) }
}

describe('what counts', () => {
  it.each(['sec-fetch-site: cross-site', 'sec-fetch-site: same-site'])(
    'nothing that another site’s page can make its visitors do (%s)',
    async (header) => {
      const [name = '', value = ''] = header.split(': ')
      const { strike, levels } = setup()
      await strike(20, { headers: { [name]: value } })
      expect(levels()).toEqual([])
    },
  )

  it('a key or bearer token counts whatever is said of the page: none can send it', async () => {
    const { strike, levels } = setup()
    const headers = { 'sec-fetch-site': 'cross-site' }
    await strike(2, { headers: { ...headers, authorization: 'Bearer x' } })
    await strike(1, { headers: { ...headers, 'x-api-key': 'x' } })
    expect(levels()).toEqual([1])
  })

  it('asking without a credential, from the wrong page or for too much does not', async () => {
    const { ask, levels } = setup()
    for (let i = 0; i < 20; i++) {
      await ask('key', undefined)
      await ask('open', undefined, { method: 'POST', headers: { origin: 'https://evil.example' } })
      await ask('key', testActors.session)
    }
    expect(levels()).toEqual([])
  })

  it('limits count, unless they are only observed', async () => {
    const strangers = [{ name: 'one', by: 'address', quota: 1, windowMs: minute }] as const
    const doors = { ...testPolicy.doors, open: { ...testPolicy.doors.open, strangers } } as never
    const enforced = setup({ policy: { doors } })
    const observed = setup({ policy: { doors }, modes: { limits: 'observe' } })
    for (let i = 0; i < 4; i++) {
      await enforced.ask('open', undefined)
      await observed.ask('open', undefined)
    }
    expect([enforced.levels(), observed.levels()]).toEqual([[1], []])
  })

  it('failed sign-ins count, wherever they are decided', async () => {
    const decision = { outcome: 'deny', reason: 'invalid_credentials', limits: [], clientIp: '' } as const
    const attempt = async () => ({ outcome: 'failed', decision }) as const
    const { guard, levels } = setup({ lockout: { attempt } })
    for (let i = 0; i < 3; i++) {
      await guard.attempt({ account: 'a', address: '192.0.2.1' }, async () => undefined)
    }
    expect(levels()).toEqual([1])
    const fine = setup({
      lockout: { attempt: async (_, check) => ({ outcome: 'succeeded', value: (await check()) as never }) },
    })
    for (let i = 0; i < 9; i++)
      await fine.guard.attempt({ account: 'a', address: '192.0.2.1' }, async () => 1)
    expect(fine.levels()).toEqual([])
  })

  it('other protections may count theirs; what says nothing bad is ignored', async () => {
    const { guard, levels } = setup()
    for (let i = 0; i < 3; i++) guard.strike('192.0.2.1', 'preflight')
    expect(levels()).toEqual([])
    for (let i = 0; i < 3; i++) guard.strike('::ffff:192.0.2.1', 'webhook_invalid')
    expect(guard.penalties.list()).toMatchObject([{ address: '192.0.2.1', level: 1 }])
  })

  it('without penalties in the policy nothing does', async () => {
    const { guard, ask } = guardForTests()
    for (let i = 0; i < 500; i++) await ask('key', wrong)
    expect((await ask('open', undefined)).reason).toBe('allowed')
    expect(guard.penalties.list()).toEqual([])
    await guard.penalties.pardon('192.0.2.1')
  })
})
