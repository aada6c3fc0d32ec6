import { describe, expect, it } from 'vitest'
import { echochatLockout, levqorLockout } from '../presets/lockout.ts'
import { checkLockoutPolicy, type LockoutPolicy } from './lockout-policy.ts'

const wrong = (facts: Partial<LockoutPolicy>) =>
  checkLockoutPolicy({ ...levqorLockout, ...facts }, 'lockout').map(({ code, path }) => `${code} ${path}`)
const { account, accountAddress, address, global } = levqorLockout

describe('a lockout policy', () => {
  it('the presets can be used and say what the applications promise', () => {
    expect(checkLockoutPolicy(levqorLockout, 'lockout')).toEqual([])
    expect(checkLockoutPolicy(echochatLockout, 'lockout')).toEqual([])
    expect(levqorLockout.account).toEqual({
      failures: 5,
      windowMs: 600_000,
      lockMs: 900_000,
      maxLockMs: 1_800_000,
    })
    expect(echochatLockout.account).toMatchObject({ failures: 8, lockMs: 600_000, maxLockMs: 600_000 })
  })

  it('is refused with every problem at once, each with its place and its fix', () => {
    const problems = checkLockoutPolicy(
      {
        account: { failures: 0, windowMs: -1, lockMs: Number.NaN, maxLockMs: 1.5 },
        accountAddress: { ...accountAddress, failures: 10_001 },
        device: { ...account, maxLockMs: 1000 },
        address: { ...address, failures: 1 },
        global: { ...global, failures: 1, strangerFailures: 0 },
        waitMs: 0,
        reservationMs: 60_001,
      },
      'lockout',
    )
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'lockout_failures lockout.account.failures',
      'lockout_duration lockout.account.windowMs',
      'lockout_duration lockout.account.lockMs',
      'lockout_duration lockout.account.maxLockMs',
      'lockout_failures lockout.accountAddress.failures',
      'lockout_contradiction lockout.device.maxLockMs',
      'lockout_unreachable lockout.accountAddress.failures',
      'lockout_unreachable lockout.address.failures',
      'lockout_unreachable lockout.global.failures',
      'lockout_spray lockout.global.strangerFailures',
      'lockout_reservation lockout.reservationMs',
      'lockout_wait lockout.waitMs',
    ])
    expect(problems.every(({ fix }) => fix.length > 10)).toBe(true)
  })

  it('every bound holds at its edge', () => {
    expect(wrong({ accountAddress: { ...accountAddress, failures: 5 } })).toEqual([])
    expect(wrong({ accountAddress: { ...accountAddress, failures: 6 } })).toHaveLength(1)
    expect(wrong({ address: { ...address, failures: 5 } })).toEqual([])
    expect(wrong({ address: { ...address, failures: 4 } })).toHaveLength(1)
    expect(wrong({ global: { ...global, failures: 21 } })).toEqual([])
    expect(wrong({ global: { ...global, failures: 20 } })).toHaveLength(1)
    expect(wrong({ global: { ...global, strangerFailures: 5 } })).toEqual([])
    expect(wrong({ global: { ...global, strangerFailures: 6 } })).toHaveLength(1)
    expect(wrong({ device: { ...account, windowMs: 31 * 86_400_000 } })).toEqual([])
    expect(wrong({ device: { ...account, windowMs: 31 * 86_400_000 + 1 } })).toHaveLength(1)
    expect(wrong({ waitMs: 10_000 })).toEqual([])
    expect(wrong({ waitMs: 10_001 })).toHaveLength(1)
    expect(wrong({ waitMs: 1, reservationMs: 60_000 })).toEqual([])
    expect(wrong({ reservationMs: 0 })).toContain('lockout_reservation lockout.reservationMs')
  })
})
