import { revocationBusCases } from '@levqor/guard/conformance'
import { createRevocations, type Revocation, type RevocationStore } from '@levqor/guard/tokens'
import { eachStore, until } from '@levqor/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { databaseRevocationBus } from './database-revocation-bus.ts'
import { databaseRevocationStore } from './database-revocation-store.ts'
import { testTokenSchema } from './test-token-schema.ts'

const everyMs = 20

eachStore((store) => {
  async function openTwo() {
    const url = await store.fresh()
    const one = databaseRevocationStore(await store.open([testTokenSchema], { url }))
    const other = databaseRevocationStore(await store.open([testTokenSchema], { url }))
    return [one, other] as const
  }

  describe('the bus by polling keeps the contract of every bus', () => {
    const endOf = (revocations: RevocationStore) => ({
      bus: databaseRevocationBus({ store: revocations, everyMs }),
      tell: (revocation: Revocation) => revocations.add(revocation),
    })
    const cases = revocationBusCases(async () => {
      const [one, other] = await openTwo()
      return { ends: [endOf(one), endOf(other)], close: async () => {} }
    })
    for (const { name, run } of cases) it(name, run)
  })

  it('a session ended in one process is ended in the other, told once, without any other bus', async () => {
    const [one, other] = await openTwo()
    const [here, there] = [one, other].map((kept) => {
      const made = createRevocations({ store: kept, bus: databaseRevocationBus({ store: kept, everyMs }) })
      onTestFinished(() => made.stop())
      return made
    })
    const told: string[] = []
    there?.onRevoked(({ id }) => told.push(id))
    await until(() => here?.alive === true && there?.alive === true, {
      what: 'both to listen',
      timeoutMs: 15_000,
    })
    const forgetAtMs = Date.now() + 60_000
    for (let i = 0; i < 20; i++) {
      await here?.revoke({ kind: 'session', id: `s${i}`, cause: 'signed_out', forgetAtMs })
    }
    await until(() => told.length >= 20, { what: 'twenty revocations', timeoutMs: 15_000 })
    expect(there?.find({ session: 's7', issuedAtMs: 0 })).toMatchObject({ id: 's7', cause: 'signed_out' })
    expect(told).toEqual(Array.from({ length: 20 }, (_, i) => `s${i}`))
  })
})

describe('the bus by polling', () => {
  const silentStore: RevocationStore = {
    add: async () => {},
    find: async () => undefined,
    head: async () => 0,
    since: async () => [],
    prune: async () => 0,
  }

  /** What a listener is told, in words, of a store whose answers are given by hand. */
  function listenTo(store: Partial<RevocationStore>) {
    vi.useFakeTimers()
    const bus = databaseRevocationBus({ store: { ...silentStore, ...store } })
    onTestFinished(async () => {
      await bus.stop()
      vi.useRealTimers()
    })
    const told: string[] = []
    bus.listen({
      revoked: ({ id }) => told.push(id),
      heard: () => told.push('heard'),
      interrupted: () => told.push('interrupted'),
      listening: () => told.push('listening'),
    })
    return { bus, told, look: () => vi.advanceTimersByTimeAsync(250) }
  }

  const stored = (position: number) => ({
    kind: 'session' as const,
    id: `s${position}`,
    revokedAtMs: 0,
    forgetAtMs: 1,
    cause: 'signed_out',
    position,
  })

  it('refuses a pause that cannot keep the bound', () => {
    expect(() => databaseRevocationBus({ store: silentStore, everyMs: 501 })).toThrow(RangeError)
    expect(() => databaseRevocationBus({ store: silentStore, everyMs: 0 })).toThrow(RangeError)
  })

  it('looks four times a second', async () => {
    const { told, look } = listenTo({})
    await vi.advanceTimersByTimeAsync(0)
    for (let i = 0; i < 4; i++) await look()
    expect(told).toEqual(['listening', ...Array.from({ length: 5 }, () => 'heard')])
  })

  it('a look that fails is silence, and the next one misses nothing', async () => {
    let head = 1
    let broken = false
    const { told, look } = listenTo({
      head: () => (broken ? Promise.reject(new Error('database gone')) : Promise.resolve(head)),
      since: async (position) => [stored(2), stored(3)].filter((one) => one.position > position),
    })
    await look()
    told.length = 0
    broken = true
    head = 3
    for (let i = 0; i < 8; i++) await look()
    expect(told).toEqual([])
    broken = false
    await look()
    expect(told).toEqual(['s2', 's3', 'heard'])
  })

  it('a look that is never answered is given up after two seconds', async () => {
    let frozen = false
    const { told, look } = listenTo({ head: () => (frozen ? new Promise(() => {}) : Promise.resolve(0)) })
    await look()
    told.length = 0
    frozen = true
    await look()
    frozen = false
    await vi.advanceTimersByTimeAsync(1900)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(500)
    expect(told).toContain('heard')
  })

  it('a page that is never answered is given up too, and read again', async () => {
    let head = 0
    let frozen = false
    const { told, look } = listenTo({
      head: async () => head,
      since: (position) => (frozen ? new Promise(() => {}) : Promise.resolve([stored(position + 1)])),
    })
    await look()
    told.length = 0
    head = 1
    frozen = true
    await look()
    frozen = false
    await vi.advanceTimersByTimeAsync(1900)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(500)
    expect(told.filter((id) => id.startsWith('s'))).toHaveLength(1)
    expect(told).toContain('heard')
  })

  it('thousands are read page by page', async () => {
    let head = 0
    const { told, look } = listenTo({
      head: async () => head,
      since: async (position, limit) =>
        Array.from({ length: Math.min(limit, head - position) }, (_, i) => stored(position + 1 + i)),
    })
    await look()
    head = 2500
    await look()
    expect(told.filter((id) => id.startsWith('s')).length).toBe(2500)
    expect(told.at(-1)).toBe('heard')
  })

  it('a database that was put back to an earlier state is listened to anew', async () => {
    let head = 10
    const { told, look } = listenTo({ head: async () => head })
    await look()
    head = 4
    await look()
    expect(told.filter((word) => word === 'listening').length).toBe(2)
  })

  it('what is pruned before it was read holds up nothing', async () => {
    let head = 0
    const { told, look } = listenTo({ head: async () => head })
    await look()
    head = 7
    await look()
    await look()
    expect(told.every((word) => word === 'listening' || word === 'heard')).toBe(true)
  })

  it('stopped while it looks, it tells nothing more', async () => {
    const answer = Promise.withResolvers<number>()
    const { bus, told } = listenTo({ head: () => answer.promise })
    const stopping = bus.stop()
    answer.resolve(5)
    await stopping
    expect(told).toEqual([])
  })
})
