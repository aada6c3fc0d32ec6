// Does the time of an answer tell whether an account exists? Known and unknown accounts are tried in turn, in random
// order, against a verifier of constant cost, and the two samples are compared by Welch's t-test.
//
// The threshold is the one of the dudect method (Reparaz, Balasch, Verbauwhede, "dude, is my code constant time?",
// 2017): |t| > 4.5 means a difference, with less than one false alarm in 100,000. The slowest tenth of all samples is
// cut off at one common value, because garbage collection and other processes add noise to both sides alike. To show
// that the test can find what it looks for, the same attempts without the dummy must exceed it by far.
import { pbkdf2Sync } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { seededRandom } from '@levqor/testing'
import { expect, it } from 'vitest'
import { levqorLockout } from '../presets/lockout.ts'
import { checkSecret } from './check-secret.ts'
import { setupLockout } from './test-lockout.ts'

const attemptsPerSide = 4_000
const threshold = 4.5

interface Account {
  readonly salt: string
  readonly hash: Buffer
}

const hashOf = (secret: string, salt: string) => pbkdf2Sync(secret, salt, 400, 32, 'sha256')
const accountWith = (salt: string): Account => ({ salt, hash: hashOf('right', salt) })
const dummy = accountWith('nobody')

/** What both verbs under test are given; the first is the product's own. */
type CheckOf = (find: () => Promise<Account | undefined>) => () => Promise<Account | undefined>

const verify = async (account: Account) => hashOf('wrong', account.salt).equals(account.hash)
const withDummy: CheckOf = (find) => checkSecret({ find, verify, dummy })
const withoutDummy: CheckOf = (find) => async () => {
  const found = await find()
  return found !== undefined && (await verify(found)) ? found : undefined
}

async function measure(checkOf: CheckOf): Promise<number> {
  const { lockout } = setupLockout({
    policy: { global: { ...levqorLockout.global, failures: 10_000 } },
  })
  const random = seededRandom(2026)
  const samples: { known: boolean; took: number }[] = []
  for (let i = 0; i < 2 * attemptsPerSide; i++) {
    const known = random() < 0.5
    // Never the same account or address twice, so that no counter locks; names of one length.
    const name = String(i).padStart(8, '0')
    const find = async () => (known ? knownAccounts.get(name.slice(-1)) : undefined)
    const start = performance.now()
    await lockout.attempt(
      { account: `${name}@example.test`, address: `2001:db8:${name}::/64` },
      checkOf(find),
    )
    samples.push({ known, took: performance.now() - start })
    // Lets the machine breathe, so that a throttled core does not favour one side.
    if (i % 500 === 499) await delay(1)
  }
  const warm = samples.slice(samples.length / 10)
  const cut = warm.map(({ took }) => took).sort((a, b) => a - b)[Math.floor(warm.length * 0.9)] ?? Infinity
  const of = (side: boolean) =>
    warm.filter(({ known, took }) => known === side && took < cut).map(({ took }) => took)
  return welch(of(true), of(false))
}

// Made before: hashing an account's secret is not part of signing in.
const knownAccounts = new Map(Array.from('0123456789', (digit) => [digit, accountWith(`account${digit}`)]))

/** Welch's t: the difference of two means in units of its standard error (Welch, Biometrika 34, 1947). */
function welch(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const squaredError = (values: readonly number[]) => {
    const centre = mean(values)
    const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
    return squares / (values.length - 1) / values.length
  }
  return (mean(a) - mean(b)) / Math.sqrt(squaredError(a) + squaredError(b))
}

it('known and unknown accounts take the same time to refuse', async () => {
  // A busy machine can favour one side once, by chance; a real difference shows every time.
  const runs = [await measure(withDummy), await measure(withDummy), await measure(withDummy)]
  const control = await measure(withoutDummy)
  console.log(
    `Welch's t with the dummy ${runs.map((t) => t.toFixed(2)).join(', ')}; without ${control.toFixed(1)}`,
  )
  const median = runs.map(Math.abs).sort((a, b) => a - b)[1]
  expect(median).toBeLessThan(threshold)
  // On a quiet machine about 140; noise of other processes makes it smaller, never small.
  expect(Math.abs(control)).toBeGreaterThan(3 * threshold)
})
