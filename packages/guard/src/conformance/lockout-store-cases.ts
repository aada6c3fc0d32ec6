// What every lockout store must do: keep counters, show them to operators, and hold the two promises of the lockout
// under parallel attempts. A new store passes these unchanged.
import assert from 'node:assert/strict'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { createLockout, type LockoutService } from '../lockout/create-lockout.ts'
import { type CounterKind, type CounterState, newCounter } from '../lockout/lockout-counter.ts'
import type { LockoutQuery, LockoutStore } from '../lockout/lockout-store.ts'
import { levqorLockout } from '../presets/lockout.ts'
import { createSecret } from '../secrets/secret.ts'
import { keyedStatesCases, type OpenStateStore, storeCase } from './keyed-states-cases.ts'
import type { ConformanceCase, MovableClock } from './limit-store-cases.ts'

/** Opens an empty store that reads this clock. `close` is called after the case. */
export type OpenLockoutStore = OpenStateStore<LockoutStore>

const secret = createSecret('u7Rw2Kq9Zx4Lm1Tb6Yv3Nc8Pd5Gh0Js', { name: 'CONFORMANCE' })
const dayMs = 86_400_000

/**
 * The cases for one store; `rounds` of the seeded race.
 * @example
 * for (const { name, run } of lockoutStoreCases(open)) it(name, run)
 */
export function lockoutStoreCases(open: OpenLockoutStore, rounds = 3): ConformanceCase[] {
  const caseOf = (name: string, body: (store: LockoutStore, clock: MovableClock) => Promise<void>) =>
    storeCase(open, name, body)
  return [
    ...keyedStatesCases(open, {
      make: (level, forgetAtMs): CounterState => ({
        ...newCounter('account'),
        failures: [[forgetAtMs - dayMs, 2]],
        reservations: [['an id', forgetAtMs]],
        level,
        forgetAtMs,
      }),
      numberOf: (state) => state.level,
    }),
    caseOf('operators see what a counter stands at, and nothing that has lapsed', async (store, clock) => {
      const now = clock.now()
      await put(store, 'locked', {
        kind: 'device',
        lockedUntilMs: now + 1000,
        level: 2,
        forgetAtMs: now + 2000,
      })
      clock.advance(10)
      await put(store, 'counting', {
        kind: 'account',
        failures: [
          [now, 2],
          [now + 1, 1],
        ],
        reservations: [['x', now + 900]],
        forgetAtMs: now + 1500,
      })
      const counting = {
        id: 'counting',
        counter: 'account',
        failures: 3,
        open: 1,
        level: 0,
        changedAtMs: now + 10,
      }
      const device = { id: 'locked', counter: 'device', failures: 0, open: 0, level: 2, changedAtMs: now }
      const locked = { ...device, lockedUntilMs: now + 1000 }
      assert.deepEqual(await store.list({}), [counting, locked])
      assert.deepEqual(await store.list({ lockedOnly: true }), [locked])
      assert.deepEqual(await store.list({ counter: 'account' }), [counting])
      assert.deepEqual(await store.list({ counter: 'account', lockedOnly: true }), [])
      clock.advance(990)
      assert.deepEqual(await store.list({ lockedOnly: true }), [])
      assert.deepEqual(await store.list({ counter: 'device' }), [device])
      clock.advance(500)
      assert.deepEqual(await store.list({}), [device])
      clock.advance(500)
      assert.deepEqual(await store.list({}), [])
    }),
    caseOf('what a step leaves as it was keeps its place in the list', async (store, clock) => {
      const forgetAtMs = clock.now() + dayMs
      await put(store, 'a', { forgetAtMs })
      clock.advance(5)
      await put(store, 'b', { forgetAtMs })
      clock.advance(5)
      await store.change(['a'], (states) => ({ states, result: undefined }))
      assert.deepEqual(
        (await store.list({})).map(({ id }) => id),
        ['b', 'a'],
      )
    }),
    caseOf('pages bring every row once, 20 unless told, 100 at most', async (store, clock) => {
      const forgetAtMs = clock.now() + dayMs
      const ids = Array.from({ length: 130 }, (_, i) => `row-${String(i).padStart(3, '0')}`)
      for (const [i, id] of ids.entries()) {
        if (i % 3 === 0) clock.advance(1)
        await put(store, id, { forgetAtMs })
      }
      const page = async (query: LockoutQuery) => (await store.list(query)).map(({ id }) => id)
      assert.equal((await page({})).length, 20)
      assert.equal((await page({ limit: 1000 })).length, 100)
      assert.equal((await page({ limit: 0 })).length, 1)
      const seen: string[] = []
      for (let rows = await store.list({ limit: 7 }); rows.length > 0; ) {
        seen.push(...rows.map(({ id }) => id))
        const after = rows.at(-1)
        rows = await store.list({ limit: 7, ...(after === undefined ? {} : { after }) })
      }
      assert.deepEqual([...seen].sort(), ids)
      assert.deepEqual(seen, await collect(store))
    }),
    caseOf('200 parallel wrong guesses lead to at most 5 checks', async (store, clock) => {
      const lockout = lockoutOn(store, clock)
      let checks = 0
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          lockout.attempt({ account: 'ada@example.test', address: `192.0.2.${i % 7}` }, async () => {
            checks++
            await soon()
            return undefined
          }),
        ),
      )
      assert.equal(checks, 5)
      assert.equal(results.filter(({ outcome }) => outcome === 'refused').length, 195)
    }),
    caseOf('200 parallel right secrets all pass', async (store, clock) => {
      const lockout = lockoutOn(store, clock)
      const subject = { account: 'ada@example.test', address: '192.0.2.1' }
      const check = async () => {
        await soon()
        return 'ada'
      }
      const results = await Promise.all(Array.from({ length: 200 }, () => lockout.attempt(subject, check)))
      assert.equal(results.filter(({ outcome }) => outcome === 'succeeded').length, 200)
      assert.deepEqual(await lockout.list(), [])
    }),
    caseOf(
      'in seeded rounds a stranger never gets a sixth check and never locks the owner’s device',
      async (store, clock) => {
        const lockout = lockoutOn(store, clock)
        for (let round = 1; round <= rounds; round++)
          await strangersAgainstOwner(lockout, `round ${round}`, dice(round))
      },
    ),
  ]
}

/** Guesses of strangers from many addresses and the owner's own sign-ins, some mistyped, all at once and shuffled. */
async function strangersAgainstOwner(
  lockout: LockoutService,
  account: string,
  random: () => number,
): Promise<void> {
  let guesses = 0
  const stranger = async () => {
    const subject = { account, address: `203.0.113.${Math.floor(random() * 250)}` }
    await lockout.attempt(subject, async () => {
      guesses++
      await soon()
      return undefined
    })
    return true
  }
  const owner = (secret: string | undefined) => async () => {
    const subject = { account, address: '192.0.2.1', knownDevice: 'laptop' }
    const { outcome } = await lockout.attempt(subject, async () => {
      await soon()
      return secret
    })
    return outcome === (secret === undefined ? 'failed' : 'succeeded')
  }
  const attempts = [
    ...Array.from({ length: 20 + Math.floor(random() * 20) }, () => stranger),
    ...Array.from({ length: 10 }, () => owner('right')),
    ...Array.from({ length: Math.floor(random() * 5) }, () => owner(undefined)),
  ]
  const shuffled = attempts.map((run) => ({ run, at: random() })).sort((a, b) => a.at - b.at)
  const asExpected = await Promise.all(shuffled.map(({ run }) => run()))
  assert.ok(asExpected.every(Boolean), `${account}: the owner’s own attempts`)
  assert.equal(guesses, 5, account)
  const rows = await lockout.list({ limit: 100 })
  assert.ok(
    rows.every(({ open }) => open === 0),
    `${account}: no place stays taken`,
  )
}

/** Replayable numbers in [0, 1): a linear congruential generator (Numerical Recipes, section 7.1). */
function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

function lockoutOn(store: LockoutStore, clock: MovableClock) {
  const pseudonyms = (kind: string) => kind
  return createLockout({ policy: levqorLockout, store, clock, secret, pseudonyms, events: noSecurityEvents })
}

function put(store: LockoutStore, id: string, facts: Partial<CounterState>): Promise<void> {
  const kind: CounterKind = facts.kind ?? 'account'
  return store.change([id], () => ({ states: [{ ...newCounter(kind), ...facts }], result: undefined }))
}

async function collect(store: LockoutStore): Promise<string[]> {
  const first = await store.list({ limit: 100 })
  const after = first.at(-1)
  const rest = await store.list({ limit: 100, ...(after === undefined ? {} : { after }) })
  return [...first, ...rest].map(({ id }) => id)
}

/** A check that takes a moment, so that others arrive while it is under way. */
function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
