// Which counters one attempt is counted by, and their names in the store: keyed digests, because plain hashes of
// e-mail addresses and network addresses can be enumerated in seconds.
import { createHmac } from 'node:crypto'
import { deriveKey } from '../secrets/derive-key.ts'
import type { Secret } from '../secrets/secret.ts'
import type { AttemptSubject } from './attempt.ts'
import type { CounterKind } from './lockout-counter.ts'
import type { LockoutPolicy, LockoutRule } from './lockout-policy.ts'

/** One counter of one attempt. */
export interface Counter {
  readonly id: string
  readonly kind: CounterKind
  readonly rule: LockoutRule
  /** Whether a right secret proves that its failures were the owner's own. */
  readonly resets: boolean
}

/** The counters of an attempt, and the one that counts everybody's failures. */
export interface CountersOf {
  /**
   * A known device is counted by its own allowance alone: nothing that a stranger does can lock it. Everybody else is
   * counted by account, account and address, and address; more strictly while a spray is suspected.
   */
  attempt(
    subject: Pick<AttemptSubject, 'account' | 'address' | 'knownDevice'>,
    sprayed: boolean,
  ): readonly Counter[]
  /** What the owner of an account may unlock: the account, and what they are locked out by where they are. */
  owner(subject: OwnedSubject): readonly Counter[]
  /** A counter that an operator names. */
  named(id: string, kind: CounterKind): Counter
  readonly everybody: Counter
}

/** An account whose owner has been proven, and where they are. */
export interface OwnedSubject {
  readonly account: string
  readonly address?: string
  readonly knownDevice?: string
}

// Longer names than any mail system accepts are told apart by their beginning and length: bounded work per attempt.
const longestName = 1024

/** Binds the policy to a key that is derived from the secret. The same secret finds the same counters again. */
export function createCountersOf(policy: LockoutPolicy, secret: Secret): CountersOf {
  const key = deriveKey(secret, 'guard/lockout')
  const rules: Readonly<Record<CounterKind, LockoutRule>> = {
    account: policy.account,
    'account-address': policy.accountAddress,
    device: policy.device,
    address: policy.address,
    global: policy.global,
  }
  const { strangerFailures } = policy.global
  const named = (id: string, kind: CounterKind, rule = rules[kind]): Counter => {
    return { id, kind, rule, resets: kind !== 'address' && kind !== 'global' }
  }
  const counter = (kind: CounterKind, names: readonly string[], rule?: LockoutRule): Counter => {
    const parts = [kind, ...names.map((name) => [name.length, name.slice(0, longestName)])]
    const digest = createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')
    return named(digest.slice(0, 32), kind, rule)
  }
  const sprayedRule = (rule: LockoutRule): LockoutRule => ({
    ...rule,
    failures: Math.min(rule.failures, strangerFailures),
  })
  return {
    attempt({ account, address, knownDevice }, sprayed) {
      if (knownDevice !== undefined) return [counter('device', [account, knownDevice])]
      const accountAddress = sprayed ? sprayedRule(rules['account-address']) : rules['account-address']
      return [
        counter('account', [account]),
        counter('account-address', [account, address], accountAddress),
        counter('address', [address], sprayed ? sprayedRule(rules.address) : rules.address),
      ]
    },
    owner({ account, address, knownDevice }) {
      return [
        counter('account', [account]),
        ...(address === undefined ? [] : [counter('account-address', [account, address])]),
        ...(knownDevice === undefined ? [] : [counter('device', [account, knownDevice])]),
      ]
    },
    named,
    everybody: counter('global', []),
  }
}
