// An application as `guard --app` meets it: it exports its guard and what only it knows.
import { createGuard, createMemoryLimitStore, systemClock } from '../index.ts'
import { policy } from './test-policy.ts'

export const guard = async () =>
  createGuard({
    policy,
    store: createMemoryLimitStore({ clock: systemClock }),
    switches: { mode: (protection) => (protection === 'limits' ? 'observe' : 'enforce') },
  })

export const guardFacts = { processes: 1, limitStore: 'memory', secrets: { GUARD_SECRET: '' } } as const
