// When wrong secrets lock, per application.
import type { LockoutPolicy } from '../lockout/lockout-policy.ts'

const minute = 60_000

const levqorRule = { failures: 5, windowMs: 10 * minute, lockMs: 15 * minute, maxLockMs: 30 * minute }
const echochatRule = { failures: 8, windowMs: 10 * minute, lockMs: 10 * minute, maxLockMs: 10 * minute }

/**
 * Levqor: 5 failures in 10 minutes lock for 15 minutes, then for 30. An address may be a whole office, so it takes 20
 * failures there.
 */
export const levqorLockout = {
  account: levqorRule,
  accountAddress: levqorRule,
  device: levqorRule,
  address: { ...levqorRule, failures: 20 },
  global: { ...levqorRule, failures: 300, strangerFailures: 3 },
} as const satisfies LockoutPolicy

/** EchoChat: 8 failures in 10 minutes lock for 10 minutes. */
export const echochatLockout = {
  account: echochatRule,
  accountAddress: echochatRule,
  device: echochatRule,
  address: { ...echochatRule, failures: 32 },
  global: { ...echochatRule, failures: 480, strangerFailures: 4 },
} as const satisfies LockoutPolicy
