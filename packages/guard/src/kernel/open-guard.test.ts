// A guard that is waited for: every problem of policy, secrets and store in one refusal.
import { format } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { GuardError } from '../errors.ts'
import { createPseudonyms, createSecurityEvents, type Policy } from '../index.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import { createMemoryLimitStore } from '../limits/memory-limit-store.ts'
import { guardForTests } from './guard-for-tests.ts'
import { openGuard } from './open-guard.ts'

const { policy } = guardForTests().guard
const clock = { now: () => 0 }
const store = createMemoryLimitStore({ clock })
const strong = 'q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX'
const down = () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:6390'))
const unreachable: LimitStore = { take: down, peek: down }

async function problemsOf(opening: Promise<unknown>): Promise<{ error: GuardError; found: string[] }> {
  const error = await opening.then(
    () => expect.unreachable('It opened.'),
    (reason: GuardError) => reason,
  )
  const details = error.details as { code: string; path: string }[]
  return { error, found: details.map(({ path, code }) => `${path} ${code}`) }
}

describe('openGuard', () => {
  it('refuses a bad limit, weak secrets and a silent store all at once, each with its place and its fix', async () => {
    const broken: Policy = {
      ...policy,
      credentialGuesses: { name: 'guesses', by: 'address', quota: 10, windowMs: -1 },
    }
    const secrets = { ONE: 'changeme', TWO: undefined, THREE: strong }
    const { error, found } = await problemsOf(openGuard({ policy: broken, store: unreachable, secrets }))
    expect(error.code).toBe('cannot_start')
    expect(found).toEqual([
      'credentialGuesses.windowMs limit_window',
      'secrets.ONE secret_weak',
      'secrets.TWO secret_weak',
      'store store_unreachable',
    ])
    expect(error.message).toContain('npx guard secrets')
    expect(error.message).toContain('ECONNREFUSED')
    expect(format('%o', error)).not.toMatch(/changeme|q8Zr1v/)
  })

  it('does not wait for a store that never answers longer than it is told', async () => {
    const never = () => new Promise<never>(() => {})
    const opening = openGuard({ policy, store: { take: never, peek: never }, storeTimeoutMs: 20 })
    expect((await problemsOf(opening)).found).toEqual(['store store_unreachable'])
  })

  it('a store that is none is named once, and nobody asks it', async () => {
    // Plain JavaScript can pass anything.
    const { found } = await problemsOf(openGuard({ policy, store: {} as LimitStore }))
    expect(found.every((problem) => problem.startsWith('store'))).toBe(true)
    expect(found).not.toContain('store store_unreachable')
  })

  it('a strong secret reaches the parts as one that does not print itself, and the guard admits', async () => {
    let printed = ''
    const guard = await openGuard({
      policy,
      store,
      secrets: { PEPPER: strong },
      parts: ({ PEPPER }) => {
        printed = `${PEPPER}`
        return {
          clock,
          events: createSecurityEvents({
            sinks: [],
            clock,
            pseudonyms: createPseudonyms({ secret: PEPPER, clock }),
          }),
        }
      },
    })
    expect(printed).toBe('[secret PEPPER]')
    expect(guard.door(policy.unmatched)?.name).toBe(policy.unmatched)
  })

  it('entropy decides at its edge: what createSecret takes is taken here', async () => {
    await expect(openGuard({ policy, store, secrets: { A: strong } })).resolves.toBeDefined()
    expect(
      (await problemsOf(openGuard({ policy, store, secrets: { A: strong.slice(0, 20) } }))).found,
    ).toEqual(['secrets.A secret_weak'])
  })
})
