// A lockout in memory with everything that its tests look at.
import { movableClock } from '../conformance/keyed-states-cases.ts'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { createPseudonyms } from '../events/pseudonyms.ts'
import { levqorLockout } from '../presets/lockout.ts'
import { createSecret } from '../secrets/secret.ts'
import type { AttemptSubject } from './attempt.ts'
import { createLockout, type LockoutOptions } from './create-lockout.ts'
import type { LockoutPolicy } from './lockout-policy.ts'
import type { LockoutStore } from './lockout-store.ts'
import { createMemoryLockoutStore } from './memory-lockout-store.ts'

export const ada = { account: 'ada@example.test', address: '192.0.2.1' } as const satisfies AttemptSubject

interface LockoutSetup extends Pick<LockoutOptions, 'networkOf' | 'storePatienceMs'> {
  readonly policy?: Partial<LockoutPolicy>
  /** Wraps the store, to make it fail or to watch it. */
  readonly wrap?: (store: LockoutStore) => LockoutStore
}

export function setupLockout({ policy = {}, wrap = (store) => store, ...rest }: LockoutSetup = {}) {
  const clock = movableClock()
  const told: SecurityEventInput[] = []
  const secret = createSecret('m2Vx8Kq4Zt7Lw1Rb5Yn9Pc3Hd6Jf0Gs', { name: 'TEST' })
  const store = createMemoryLockoutStore({ clock })
  const lockout = createLockout({
    policy: { ...levqorLockout, ...policy },
    store: wrap(store),
    clock,
    secret,
    events: { ...noSecurityEvents, emit: (event) => told.push(event) },
    pseudonyms: createPseudonyms({ secret, clock }),
    ...rest,
  })
  let checks = 0
  /** An attempt with this result of its check. */
  const attempt = (subject: AttemptSubject, value?: string, check?: () => Promise<void>) =>
    lockout.attempt(subject, async () => {
      checks++
      await check?.()
      return value
    })
  const fail = async (subject: AttemptSubject, times: number) => {
    for (let i = 0; i < times; i++) await attempt(subject)
  }
  return {
    clock,
    store,
    lockout,
    attempt,
    fail,
    told,
    events: () => told.map(({ event }) => event),
    checks: () => checks,
  }
}

/** Everything that is due in this turn of the event loop happens. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
