// Does the time of an answer tell whether an address has an account? Over real HTTP, with the password's real cost, at every
// door that takes an address (the table that enumeration.attack.test.ts proves whole): known and unknown addresses in random
// order, none twice, and Welch's t-test between the two, as in the guard's known-and-unknown-accounts.evidence.ts (dudect,
// |t| > 4.5). The slowest fifth of all samples is cut off at one common value: other processes add noise to both sides.
//
// Mails are made after the answer. The next request is timed as well, since an asker can send one at once and see whether the
// process is busy with somebody's mail: made at once, a mail cost it 1.2 ms (t of 30), so it is made at a random moment of the
// next second (mailSpreadMs).
//
// Controls show that the test finds what it looks for.
import { setTimeout as delay } from 'node:timers/promises'
import { asSystem } from '@levqor/database/system'
import { eachStore, seededRandom } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from './identity-policy.ts'
import { identityRoutes } from './routes.ts'
import { addressDoors } from './test-address-doors.ts'
import { type TestInstallation, testInstallation } from './test-installation.ts'
import { pathOf } from './test-route-inputs.ts'
import { testPeople } from './workspaces/test-people.ts'

const threshold = 4.5
/** Doors that do what must not be done: no account, no hashing; and mails that are made at once. */
const doorsOfControls: Readonly<Record<string, string>> = {
  control: 'auth.login',
  'control of the next request': 'auth.magic-link',
}
/** On PostgreSQL the process waits while a mail is made, and the next request is not held up by anything this test can see. */
const controlsOf = { sqlite: Object.keys(doorsOfControls), postgres: ['control'] } as const
/** Hashing makes a sample of these two a hundred times dearer. */
const pairsOf = (door: string) => (door === 'auth.login' || door === 'auth.register' ? 120 : 400)
const runs = 3

interface Sample {
  readonly known: boolean
  readonly took: number
  readonly next: number
}

function welch(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const squaredError = (values: readonly number[]) => {
    const centre = mean(values)
    const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
    return squares / (values.length - 1) / values.length
  }
  return (mean(a) - mean(b)) / Math.sqrt(squaredError(a) + squaredError(b))
}

const quantile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.POSITIVE_INFINITY

/** The t of a column, and the difference of the medians in microseconds. */
function compare(samples: readonly Sample[], of: (sample: Sample) => number) {
  const warm = samples.slice(samples.length / 10)
  const cut = quantile(warm.map(of), 0.8)
  const side = (known: boolean) => warm.filter((sample) => sample.known === known && of(sample) < cut).map(of)
  return {
    t: welch(side(true), side(false)),
    micros: (quantile(side(true), 0.5) - quantile(side(false), 0.5)) * 1_000,
  }
}

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  it.each([...Object.keys(addressDoors), ...controlsOf[store.name]])(
    '%s takes the same time for known and unknown addresses',
    async (name) => {
      const door = doorsOfControls[name] ?? name
      // The limits of a workspace are no part of this.
      const many = 1_000_000
      installation = await testInstallation(store, {
        policy: {
          passwordCost: identityPolicy.passwordCost,
          mailSpreadMs: name === 'control of the next request' ? 0 : identityPolicy.mailSpreadMs,
          invitationsPerWorkspace: many,
          invitationMailsPerAddress: many,
        },
      })
      const people = await testPeople(installation)
      const { call, clock, database, identity } = installation
      const { passwords } = identity.services.identity
      const pairs = pairsOf(door)
      const hash = await passwords.hash('correct horse battery staple')
      const now = database.clock.now()
      await asSystem(database).transaction(async (tx) => {
        for (let i = 0; i < pairs * 2 * runs; i++) {
          await tx.run(
            `INSERT INTO users (id, email, name, status, operator, email_verified_at, password_hash, created_at, updated_at)
             VALUES ($1, $2, NULL, 'active', 0, $3, $4, $3, $3)`,
            [database.ids.next(), `known${String(i).padStart(6, '0')}@example.com`, now, hash],
          )
        }
      })
      if (name === 'control') {
        const { verify } = passwords
        Object.assign(passwords, {
          verify: async (phc: string, text: string) => phc !== passwords.dummy && verify(phc, text),
        })
      }
      const route = identityRoutes.find(({ contract }) => contract.id === door)
      if (!route) throw new Error(`There is no route ${door}.`)
      const path = pathOf(route, { id: people.ws })
      const jar = addressDoors[door]?.asker === 'signed in' ? people.owner.jar : undefined
      const random = seededRandom(2026)
      let count = 0

      async function sample(): Promise<Sample> {
        const known = random() < 0.5
        const i = String(count++).padStart(6, '0')
        const options = {
          body: addressDoors[door]?.body(`${known ? 'known' : 'other'}${i}@example.com`),
          // From everywhere, so that no counter of an address locks; the text has one length.
          from: `2001:db8:${(0x1000 + (count >> 8)).toString(16)}:${(0x1000 + (count & 0xff)).toString(16)}::1`,
          ...(jar ? { jar: new Map(jar) } : {}),
        }
        const start = performance.now()
        const { status } = await call('POST', path, options)
        const took = performance.now() - start
        const again = performance.now()
        await call('GET', '/api/auth/methods')
        const next = performance.now() - again
        if (status !== addressDoors[door]?.status) throw new Error(`${door} answered ${status}.`)
        // The lockout of the whole installation is no part of this, either.
        if (door === 'auth.login') clock.advance(3_000)
        // Until the mail of this one is made: otherwise it is part of the next sample, whoever that is.
        await delay(5)
        return { known, took, next }
      }

      const answers: { t: number; micros: number }[] = []
      const nexts: { t: number; micros: number }[] = []
      for (let run = 0; run < (doorsOfControls[name] ? 1 : runs); run++) {
        const samples: Sample[] = []
        for (let i = 0; i < pairs * 2; i++) samples.push(await sample())
        answers.push(compare(samples, ({ took }) => took))
        nexts.push(compare(samples, ({ next }) => next))
      }
      const told = (each: readonly { t: number; micros: number }[]) =>
        each.map(({ t, micros }) => `${t.toFixed(2)} (${micros.toFixed(0)} µs)`).join(', ')
      console.log(
        `${store.name} ${name}: Welch's t of the answer ${told(answers)}; of the next request ${told(nexts)}`,
      )
      const median = (each: readonly { t: number }[]) =>
        quantile(
          each.map(({ t }) => Math.abs(t)),
          0.5,
        )
      if (name === 'control') expect(median(answers)).toBeGreaterThan(2 * threshold)
      else if (name === 'control of the next request') expect(median(nexts)).toBeGreaterThan(2 * threshold)
      else {
        expect(median(answers)).toBeLessThan(threshold)
        expect(median(nexts)).toBeLessThan(threshold)
      }
    },
    300_000,
  )
})
