import { seededRandom } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { echochatLockout, levqorLockout } from '../presets/lockout.ts'
import { ada, setupLockout, turn } from './test-lockout.ts'

/** A check that takes some turns of the event loop. */
const taking = (turns: number) => async () => {
  for (let i = 0; i < turns; i++) await turn()
}
const withFailures = (failures: number) => ({
  account: { ...levqorLockout.account, failures },
  accountAddress: { ...levqorLockout.accountAddress, failures },
  global: { ...levqorLockout.global, strangerFailures: 1 },
})

describe('attempts in parallel', () => {
  for (const [name, policy] of Object.entries({ levqor: levqorLockout, echochat: echochatLockout })) {
    const { failures } = policy.account
    it(`${name}: 200 parallel wrong secrets lead to at most ${failures} checks`, async () => {
      const { attempt, checks } = setupLockout({ policy })
      const results = await Promise.all(Array.from({ length: 200 }, () => attempt(ada, undefined, turn)))
      expect(checks()).toBe(failures)
      expect(results.filter(({ outcome }) => outcome === 'refused')).toHaveLength(200 - failures)
    })

    it(`${name}: 200 parallel right secrets all pass`, async () => {
      const { attempt, store } = setupLockout({ policy })
      const results = await Promise.all(Array.from({ length: 200 }, () => attempt(ada, 'ada', turn)))
      expect(results.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(200)
      expect(store.size).toBe(0)
    })
  }

  it('wrong secrets never get more checks than the threshold, whatever it is and however long checks take', async () => {
    for (let failures = 1; failures <= 16; failures++) {
      const random = seededRandom(failures)
      const { attempt, checks, events } = setupLockout({ policy: withFailures(failures) })
      await Promise.all(
        Array.from({ length: 60 }, () => attempt(ada, undefined, taking(Math.floor(random() * 4)))),
      )
      expect(checks()).toBe(failures)
      expect(events().filter((event) => event === 'auth.locked')).toHaveLength(2)
    }
  })

  it('wrong secrets from 200 addresses get no more checks together than from one', async () => {
    for (let round = 0; round < 10; round++) {
      const { attempt, checks } = setupLockout()
      await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          attempt({ ...ada, address: `203.0.113.${i}` }, undefined, taking(round % 3)),
        ),
      )
      expect(checks()).toBe(5)
    }
  })

  it('200 accounts from one address get no more checks together than the address has', async () => {
    const { attempt, checks } = setupLockout()
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => attempt({ ...ada, account: `user-${i}` }, undefined, turn)),
    )
    expect(checks()).toBe(levqorLockout.address.failures)
  })

  it('right and wrong ones mixed: each success gives at most one more allowance, and no place stays taken', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed)
      const { attempt, lockout } = setupLockout()
      let wrongChecks = 0
      let successes = 0
      const results = await Promise.all(
        Array.from({ length: 80 }, async () => {
          const right = random() < 0.1
          const turns = Math.floor(random() * 4)
          return attempt(ada, right ? 'ada' : undefined, async () => {
            await taking(turns)()
            if (right) successes++
            else wrongChecks++
          })
        }),
      )
      expect(results.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(successes)
      expect(wrongChecks, `seed ${seed}`).toBeLessThanOrEqual(5 * (successes + 1))
      expect((await lockout.list()).every(({ open }) => open === 0)).toBe(true)
    }
  })

  it('checks that throw in the middle of others leave no place taken and count nothing', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = seededRandom(seed)
      const { lockout, store } = setupLockout()
      const outcomes = await Promise.allSettled(
        Array.from({ length: 60 }, () => {
          const broken = random() < 0.5
          return lockout.attempt(ada, async () => {
            await turn()
            if (broken) throw new Error('mail server gone')
            return 'ada'
          })
        }),
      )
      const passed = outcomes.filter(({ status }) => status === 'fulfilled')
      expect(passed.every((one) => one.status === 'fulfilled' && one.value.outcome === 'succeeded')).toBe(
        true,
      )
      expect(store.size).toBe(0)
    }
  })
})
