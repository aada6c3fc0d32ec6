import { expect, it } from 'vitest'
import type { SecurityEventInput } from '../events/catalogue.ts'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { createStoreAsk } from './ask-store.ts'

function setup() {
  const told: SecurityEventInput['event'][] = []
  const ask = createStoreAsk({
    events: { ...noSecurityEvents, emit: ({ event }) => told.push(event) },
    failed: 'lockout.store_failed',
    recovered: 'lockout.store_recovered',
    patienceMs: 20,
  })
  return { told, ask }
}

it('each change between failing and working is one event, however many ask', async () => {
  const { told, ask } = setup()
  const broken = () => Promise.reject(new Error('database gone'))
  expect(await ask(async () => 1)).toEqual({ answered: true, value: 1 })
  expect(await Promise.all([ask(broken), ask(broken), ask(broken)])).toEqual(
    Array(3).fill({ answered: false }),
  )
  await ask(async () => 2)
  await ask(async () => 3)
  await ask(broken)
  expect(told).toEqual(['lockout.store_failed', 'lockout.store_recovered', 'lockout.store_failed'])
})

it('a store that throws at once or never answers costs a bounded time', async () => {
  const { ask } = setup()
  const throwing = () => {
    throw new Error('not connected')
  }
  expect(await ask(throwing)).toEqual({ answered: false })
  expect(await ask(() => new Promise(() => {}))).toEqual({ answered: false })
})
