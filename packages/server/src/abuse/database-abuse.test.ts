import type { Database, PackageSchema } from '@levqor/database'
import { asSystem, describeSchema } from '@levqor/database/system'
import { createSecret, noSecurityEvents } from '@levqor/guard'
import { createDeviceWatch, createReviews, createSignUpWatch } from '@levqor/guard/abuse'
import { reviewStoreCases } from '@levqor/guard/conformance'
import { levqorAbuse } from '@levqor/guard/presets'
import { eachStore, manualClock } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { abuseTables } from './abuse-tables.ts'
import { databaseDeviceStates, databaseSignUpStates, pruneAbuseStates } from './database-abuse-states.ts'
import { databaseReviewStore, pruneReviews, reviewRetentionMs } from './database-review-store.ts'

const { sqlite, postgres, dataMap } = abuseTables
const schema: PackageSchema = {
  name: 'abuse',
  migrations: [{ number: 1, name: 'abuse', sqlite, postgres }],
  dataMap,
}
const secret = createSecret('q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEo', { name: 'TEST' })
const day = 86_400_000

function watchesOn(database: Database) {
  const reviewStore = databaseReviewStore(database)
  const shared = { reviews: reviewStore, secret, events: noSecurityEvents }
  const { devices, signUps } = levqorAbuse
  return {
    reviews: createReviews(reviewStore, noSecurityEvents),
    devices: createDeviceWatch({
      ...shared,
      policy: { ...devices, plans: { default: { changes: 3, atLimit: 'hold' } } },
      store: databaseDeviceStates(database),
    }),
    signUps: createSignUpWatch({
      ...shared,
      policy: signUps,
      store: databaseSignUpStates(database),
      isDisposableMail: (email) => email.endsWith('@mailinator.com'),
    }),
  }
}
const see = (devices: ReturnType<typeof watchesOn>['devices'], name: string) =>
  devices.see({ accountId: 'usr_ada', address: '198.51.100.7', headers: { 'user-agent': name } })

eachStore((store) => {
  const open = () => store.open([schema])

  describe('the store of reviews', () => {
    const cases = reviewStoreCases(async (clock) => ({
      store: databaseReviewStore(await store.open([schema], { clock })),
      close: async () => {},
    }))
    for (const { name, run } of cases) it(name, run)
  })

  it('40 sign-ups at once in two processes: exactly the quota passes, every other one is held', async () => {
    const url = await store.fresh()
    const watches = [
      watchesOn(await store.open([schema], { url })),
      watchesOn(await store.open([schema], { url })),
    ]
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        watches[i % 2]?.signUps.judge({
          id: `usr_${i}`,
          email: `p${i}@example.com`,
          address: `198.51.${i}.7`,
          referralCode: 'friend',
        }),
      ),
    )
    expect(verdicts.filter((verdict) => verdict?.decision.outcome === 'allow')).toHaveLength(5)
    expect(await watches[0]?.reviews.list({ status: 'waiting', limit: 100 })).toHaveLength(35)
  })

  it('devices at the limit wait for an operator, and an approval reaches the other process', async () => {
    const url = await store.fresh()
    const here = watchesOn(await store.open([schema], { url }))
    const there = watchesOn(await store.open([schema], { url }))
    for (const name of 'abcd') expect((await see(here.devices, name)).decision.outcome).toBe('allow')
    const { decision, reviewId = '' } = await see(here.devices, 'e')
    expect(decision.reason).toBe('held_for_review')
    expect((await see(there.devices, 'e')).reviewId).toBe(reviewId)
    await there.reviews.approve(reviewId, 'op_1')
    expect((await see(here.devices, 'e')).decision.outcome).toBe('allow')
  })

  it('stores no address, device, mail or referral code', async () => {
    const database = await open()
    const { devices, signUps } = watchesOn(database)
    for (const name of ['Laptop of Ada', 'Phone of Ada']) await see(devices, name)
    await signUps.judge({
      id: 'usr_1',
      email: 'ada@mailinator.com',
      address: '198.51.100.7',
      referralCode: 'ada-42',
    })
    const rows = await Promise.all(
      Object.keys(dataMap).map((table) => asSystem(database).read.query(`SELECT * FROM ${table}`)),
    )
    expect(rows.map(({ length }) => length)).toEqual([1, 1, 1])
    expect(JSON.stringify(rows)).not.toMatch(/ada|mailinator|198\.51\.100|laptop|phone/i)
  })

  it('what has lapsed is deleted, to the millisecond; what waits for a decision never', async () => {
    const clock = manualClock()
    const database = await store.open([schema], { clock })
    const { devices, signUps, reviews } = watchesOn(database)
    await see(devices, 'a')
    const held = { id: 'usr_1', email: 'x@mailinator.com', address: '198.51.100.7' }
    const { reviewId = '' } = await signUps.judge(held)
    await signUps.judge({ ...held, id: 'usr_2' })
    clock.advance(day - 1)
    expect(await pruneAbuseStates(database)).toBe(0)
    clock.advance(1)
    expect(await pruneAbuseStates(database)).toBe(1)
    clock.advance(29 * day)
    expect(await pruneAbuseStates(database)).toBe(1)
    await reviews.reject(reviewId, 'op_1')
    clock.advance(reviewRetentionMs)
    expect(await pruneReviews(database)).toBe(0)
    clock.advance(1)
    expect(await pruneReviews(database)).toBe(1)
    expect((await reviews.list()).map(({ subject }) => subject)).toEqual(['usr_2'])
  })

  it('the data map declares exactly the tables that the migration makes', async () => {
    const database = await open()
    const tables = await describeSchema(asSystem(database).read)
    const own = Object.keys(tables).filter((table) => /^(device|sign_up|abuse)_/.test(table))
    expect(own.sort()).toEqual(Object.keys(dataMap).sort())
  })
})
