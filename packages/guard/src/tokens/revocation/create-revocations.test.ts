import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { collectedEvents, movedClock } from '../test-tokens.ts'
import { createRevocations, type RevocationOptions } from './create-revocations.ts'
import { createMemoryRevocationStore } from './memory-revocation-store.ts'
import type { RevocationBus, RevocationListener } from './revocation-bus.ts'
import type { RevocationStore } from './revocation-store.ts'
import type { Revocation } from './revocations.ts'

/** A bus that is told what happens. */
function handBus() {
  const published: Revocation[] = []
  let listener: RevocationListener | undefined
  const bus: RevocationBus = {
    silentAfterMs: 2000,
    listen(given) {
      listener = given
    },
    async publish(revocation) {
      published.push(revocation)
    },
    stop: async () => {},
  }
  const tell = () => {
    if (listener === undefined) throw new Error('Nobody listens.')
    return listener
  }
  return { bus, published, tell }
}

/** A store of which every question is counted, and which can go down or fall silent. */
function watchedStore() {
  const inner = createMemoryRevocationStore()
  const asked = { find: 0, since: 0 }
  let state: 'up' | 'down' | 'frozen' = 'up'
  const answer = <T>(ask: () => Promise<T>): Promise<T> => {
    if (state === 'frozen') return new Promise(() => {})
    return state === 'down' ? Promise.reject(new Error('database gone')) : ask()
  }
  const store: RevocationStore = {
    add: (revocation) => answer(() => inner.add(revocation)),
    find(subject) {
      asked.find++
      return answer(() => inner.find(subject))
    },
    head: () => answer(() => inner.head()),
    since(position, limit) {
      asked.since++
      return answer(() => inner.since(position, limit))
    },
    prune: (nowMs) => answer(() => inner.prune(nowMs)),
  }
  const set = (next: typeof state) => {
    state = next
  }
  return { store, inner, asked, set }
}

async function setup(options: Partial<RevocationOptions> = {}) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const clock = movedClock()
  const events = collectedEvents()
  const bus = handBus()
  const watched = watchedStore()
  const revocations = createRevocations({ store: watched.store, bus: bus.bus, clock, events, ...options })
  onTestFinished(async () => {
    await revocations.stop()
    vi.useRealTimers()
  })
  const heard: Revocation[] = []
  revocations.onRevoked((revocation) => heard.push(revocation))
  const settle = async () => {
    for (let i = 0; i < 30; i++) await Promise.resolve()
  }
  /** One second of real time, in which the store is read again. */
  const tick = async () => {
    vi.advanceTimersByTime(1000)
    await settle()
  }
  const connect = async () => {
    bus.tell().listening()
    bus.tell().heard()
    await settle()
  }
  const names = () => events.all.map(({ event }) => event)
  return { clock, events, names, ...bus, ...watched, revocations, heard, settle, tick, connect }
}

const ended = (id: string, facts: Partial<Revocation> = {}): Revocation => ({
  kind: 'session',
  id,
  revokedAtMs: 1_800_000_000_000,
  forgetAtMs: 1_800_000_900_000,
  cause: 'signed_out',
  ...facts,
})
const session = (id: string) => ({ session: id, issuedAtMs: 0 })

describe('while the bus is heard', () => {
  it('memory answers at once, and the store is not asked', async () => {
    const { connect, revocations, tell, asked } = await setup()
    await connect()
    expect(revocations.alive).toBe(true)
    expect(revocations.find(session('s1'))).toBeUndefined()
    tell().revoked(ended('s1'))
    expect(revocations.find(session('s1'))).toEqual(ended('s1'))
    expect(asked.find).toBe(0)
  })

  it('what is revoked here is known here when it is stored, and told to all', async () => {
    const { connect, revocations, published, inner, clock, heard } = await setup()
    await connect()
    const facts = { kind: 'session', id: 's1', cause: 'signed_out', forgetAtMs: clock.now() + 5 } as const
    const revoking = revocations.revoke(facts)
    expect(published).toEqual([])
    await revoking
    const revocation = { ...facts, revokedAtMs: clock.now() }
    expect(revocations.find(session('s1'))).toEqual(revocation)
    expect(await inner.find(session('s1'))).toMatchObject(revocation)
    expect([published, heard]).toEqual([[revocation], [revocation]])
  })

  it('every listener hears each revocation once, however often and by whatever way it comes', async () => {
    const { connect, revocations, tell, heard, tick } = await setup()
    await connect()
    await revocations.revoke(ended('s1'))
    tell().revoked(ended('s1'))
    tell().revoked(ended('s1', { cause: 'operator' }))
    await tick()
    tell().listening()
    await tick()
    await revocations.revoke(ended('s1'))
    expect(heard.map(({ id }) => id)).toEqual(['s1'])
  })

  it('a listener that stopped hears nothing, one that fails takes nothing from the others', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warned.mockRestore())
    const { connect, revocations, tell, heard } = await setup()
    await connect()
    const stopped: string[] = []
    const stop = revocations.onRevoked(({ id }) => stopped.push(id))
    revocations.onRevoked(() => {
      throw new Error('broken listener')
    })
    const last: string[] = []
    revocations.onRevoked(({ id }) => last.push(id))
    tell().revoked(ended('s1'))
    stop()
    tell().revoked(ended('s2'))
    expect([heard.length, stopped, last]).toEqual([2, ['s1'], ['s1', 's2']])
    expect(warned).toHaveBeenCalledTimes(2)
  })

  it('a bus that cannot publish holds up nobody: it is stored', async () => {
    const bus = { ...handBus().bus, publish: () => Promise.reject(new Error('Redis gone')) }
    const { revocations, inner } = await setup({ bus })
    await revocations.revoke(ended('s1'))
    expect(await inner.find(session('s1'))).toBeDefined()
  })

  it('the store is read every second all the same: another process may be cut off and not know', async () => {
    const { connect, revocations, inner, heard, tick } = await setup()
    await connect()
    await inner.add(ended('s1'))
    expect(revocations.find(session('s1'))).toBeUndefined()
    await tick()
    expect(revocations.find(session('s1'))).toMatchObject({ id: 's1' })
    expect(heard.map(({ id }) => id)).toEqual(['s1'])
  })

  it('a store that is down for a while changes nothing but revoking', async () => {
    const { connect, revocations, set, tick } = await setup()
    await connect()
    set('down')
    await tick()
    expect(revocations.find(session('s1'))).toBeUndefined()
    await expect(revocations.revoke(ended('s1'))).rejects.toMatchObject({ code: 'store_unreachable' })
    expect(revocations.find(session('s1'))).toBeUndefined()
  })

  it.each([
    [{ id: '' }],
    [{ cause: '' }],
    [{ forgetAtMs: Number.NaN }],
    [{ forgetAtMs: 1.5 }],
    [{ id: 'i'.repeat(257) }],
  ])('%j is no revocation', async (facts) => {
    const { revocations } = await setup()
    await expect(revocations.revoke(ended('s1', facts))).rejects.toThrow(RangeError)
  })
})

describe('at the start', () => {
  it('the store answers until everything in it has been read', async () => {
    const { revocations, inner, asked, connect, heard } = await setup()
    await inner.add(ended('old'))
    expect(revocations.alive).toBe(false)
    expect(await revocations.find(session('old'))).toMatchObject({ id: 'old' })
    expect(asked.find).toBe(1)
    await connect()
    expect(revocations.alive).toBe(true)
    expect(revocations.find(session('old'))).toMatchObject({ id: 'old' })
    expect(asked.find).toBe(1)
    expect(heard.map(({ id }) => id)).toEqual(['old'])
  })

  it('thousands are read page by page', async () => {
    const { revocations, inner, connect, settle, asked } = await setup()
    for (let i = 0; i < 2500; i++) await inner.add(ended(`s${i}`))
    await connect()
    await settle()
    for (const i of [0, 999, 1000, 1999, 2000, 2499]) {
      expect(revocations.find(session(`s${i}`))).toMatchObject({ id: `s${i}` })
    }
    expect(asked).toEqual({ find: 0, since: 3 })
  })

  it('a store that is down keeps memory from answering until it is back', async () => {
    const { revocations, set, connect, tick } = await setup()
    set('down')
    await connect()
    expect(revocations.alive).toBe(false)
    await expect(revocations.find(session('s1'))).rejects.toMatchObject({ code: 'store_unreachable' })
    set('up')
    await tick()
    expect(revocations.alive).toBe(true)
  })
})

describe('when the bus falls silent', () => {
  it('after two seconds, and not before, every check goes to the store', async () => {
    const { connect, revocations, clock, asked, inner } = await setup()
    await connect()
    await inner.add(ended('missed'))
    clock.advance(1999)
    expect(revocations.find(session('missed'))).toBeUndefined()
    clock.advance(1)
    expect(revocations.alive).toBe(false)
    expect(await revocations.find(session('missed'))).toMatchObject({ id: 'missed' })
    expect(await revocations.find(session('other'))).toBeUndefined()
    expect(asked.find).toBe(2)
  })

  it('a clock that is set back makes no silence look short', async () => {
    const { connect, revocations, clock } = await setup()
    await connect()
    clock.advance(-2000)
    expect(revocations.alive).toBe(false)
  })

  it('one event says so and one says that it is over, however many checks are made', async () => {
    const { connect, revocations, clock, tell, settle, events, tick, names } = await setup()
    await connect()
    for (let round = 1; round <= 3; round++) {
      clock.advance(2000)
      for (let i = 0; i < 50; i++) await revocations.find(session('s1'))
      await tick()
      expect(names().length).toBe(2 * round - 1)
      tell().heard()
      await settle()
      for (let i = 0; i < 50; i++) await revocations.find(session('s1'))
      await tick()
      expect(names().length).toBe(2 * round)
    }
    expect(events.all.slice(0, 2)).toEqual([
      { event: 'revocation.bus_silent', details: { silent_after_ms: 2000 } },
      { event: 'revocation.bus_restored' },
    ])
  })

  it('the event comes without any check', async () => {
    const { clock, tick, names } = await setup()
    clock.advance(2000)
    await tick()
    expect(names()).toEqual(['revocation.bus_silent'])
  })

  it('if the store is down too nobody says anything: it rejects', async () => {
    const { connect, revocations, clock, set } = await setup()
    await connect()
    clock.advance(2000)
    set('down')
    await expect(revocations.find(session('s1'))).rejects.toMatchObject({ code: 'store_unreachable' })
  })

  it('a store that accepts and never answers is not waited for longer than its patience', async () => {
    const { connect, revocations, clock, set } = await setup({ storePatienceMs: 20 })
    await connect()
    clock.advance(2000)
    set('frozen')
    await expect(revocations.find(session('s1'))).rejects.toMatchObject({ code: 'store_unreachable' })
  })

  it('what was missed is read before memory answers again', async () => {
    const { connect, revocations, clock, tell, inner, settle, heard } = await setup()
    await connect()
    clock.advance(2000)
    await inner.add(ended('missed'))
    tell().heard()
    expect(revocations.alive).toBe(false)
    await settle()
    expect(revocations.alive).toBe(true)
    expect(revocations.find(session('missed'))).toMatchObject({ id: 'missed' })
    expect(heard.map(({ id }) => id)).toEqual(['missed'])
  })

  it('listeners still hear, from the store, within a second', async () => {
    const { connect, clock, inner, heard, tick } = await setup()
    await connect()
    clock.advance(60_000)
    await inner.add(ended('s1'))
    await tick()
    expect(heard.map(({ id }) => id)).toEqual(['s1'])
  })
})

describe('when the bus is cut off', () => {
  it('the store answers from that moment, and no event is made of a moment', async () => {
    const { connect, revocations, tell, inner, settle, names } = await setup()
    await connect()
    tell().interrupted()
    await settle()
    await inner.add(ended('missed'))
    expect(revocations.alive).toBe(false)
    expect(await revocations.find(session('missed'))).toMatchObject({ id: 'missed' })
    await connect()
    expect(revocations.find(session('missed'))).toMatchObject({ id: 'missed' })
    expect(names()).toEqual([])
  })

  it('while the store is being read, it is read once more', async () => {
    const { connect, revocations, tell, inner, settle } = await setup()
    await connect()
    tell().listening()
    tell().interrupted()
    await inner.add(ended('between'))
    tell().listening()
    expect(revocations.alive).toBe(false)
    await settle()
    expect(revocations.alive).toBe(true)
    expect(revocations.find(session('between'))).toMatchObject({ id: 'between' })
  })

  it('a store that was put back to an earlier state is read from its beginning', async () => {
    let store = createMemoryRevocationStore()
    const moved: RevocationStore = {
      add: (revocation) => store.add(revocation),
      find: (subject) => store.find(subject),
      head: () => store.head(),
      since: (position, limit) => store.since(position, limit),
      prune: (nowMs) => store.prune(nowMs),
    }
    const { connect, revocations, tick } = await setup({ store: moved })
    for (let i = 0; i < 5; i++) await store.add(ended(`s${i}`))
    await connect()
    store = createMemoryRevocationStore()
    await store.add(ended('after'))
    await tick()
    expect(revocations.find(session('after'))).toMatchObject({ id: 'after' })
  })
})

describe('more revocations than memory takes', () => {
  it('are looked up in the store, so that none is denied', async () => {
    const { connect, revocations, tell, asked, inner } = await setup({ maxEntries: 10 })
    await connect()
    for (let i = 0; i < 50; i++) {
      await inner.add(ended(`s${i}`))
      tell().revoked(ended(`s${i}`))
    }
    for (let i = 0; i < 50; i++) {
      expect(await revocations.find(session(`s${i}`))).toMatchObject({ id: `s${i}` })
    }
    expect(asked.find).toBe(40)
  })

  it('are forgotten when their time has come', async () => {
    const { connect, revocations, tell, clock, tick } = await setup()
    await connect()
    tell().revoked(ended('s1'))
    clock.advance(900_000)
    tell().heard()
    await tick()
    expect(revocations.find(session('s1'))).toBeUndefined()
  })
})
