import { setTimeout } from 'node:timers/promises'
import { until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { createSecret } from '../secrets/secret.ts'
import type { SecurityEvent } from './catalogue.ts'
import { createSecurityEvents, noSecurityEvents } from './event-pipeline.ts'
import { createPseudonyms } from './pseudonyms.ts'
import { formatSecurityLine, stdoutSink } from './stdout-sink.ts'

const secret = createSecret('q8Zr1vYc0Lw5sKx9Tn2Jb7Ue4Gd6Ha3MpQfWiRoVzX', { name: 'pepper' })

function setup(
  options: { capacity?: number; write?: (events: readonly SecurityEvent[]) => Promise<void> } = {},
) {
  let now = 1_800_000_000_000
  const clock = { now: () => now }
  const written: SecurityEvent[] = []
  const write = async (events: readonly SecurityEvent[]) => {
    await options.write?.(events)
    written.push(...events)
  }
  const pseudonyms = createPseudonyms({ secret, clock })
  const { capacity = 100 } = options
  const events = createSecurityEvents({ sinks: [{ name: 'test', write }], clock, pseudonyms, capacity })
  const advance = (ms: number) => {
    now += ms
  }
  return { events, written, pseudonyms, advance }
}

describe('security events', () => {
  it('arrive in order, complete, with the address as a pseudonym', async () => {
    const { events, written } = setup()
    events.emit({
      event: 'limit.denied',
      requestId: 'req-1',
      actorId: 'key_1',
      workspaceId: 'ws_1',
      address: '192.0.2.7',
      details: { door: 'read' },
    })
    events.emit({ event: 'auth.failed' })
    expect(await events.flush(1000)).toBe(true)
    expect(written).toEqual([
      {
        time: 1_800_000_000_000,
        event: 'limit.denied',
        severity: 'notice',
        requestId: 'req-1',
        actorId: 'key_1',
        workspaceId: 'ws_1',
        address: expect.stringMatching(/^address_\d+_[\w-]{16}$/),
        details: { door: 'read' },
      },
      { time: 1_800_000_000_000, event: 'auth.failed', severity: 'notice' },
    ])
    expect(JSON.stringify(written)).not.toContain('192.0.2.7')
  })

  it('are collected for as long as a sink asks, in one batch, and flushing does not wait for it', async () => {
    const batches: number[] = []
    const sink = {
      name: 'slow',
      gatherMs: 40,
      write: (all: readonly SecurityEvent[]) => void batches.push(all.length),
    }
    const { pseudonyms } = setup()
    const events = createSecurityEvents({ sinks: [sink], clock: { now: () => 0 }, pseudonyms })
    const one = (requestId: string) => events.emit({ event: 'auth.failed', requestId, address: requestId })
    one('1')
    await setTimeout(10)
    one('2')
    expect(batches).toEqual([])
    await until(() => batches.length > 0, { what: 'the batch' })
    expect(batches).toEqual([2])
    one('3')
    const started = performance.now()
    expect(await events.flush(1_000)).toBe(true)
    expect(batches).toEqual([2, 1])
    expect(performance.now() - started).toBeLessThan(35)
    one('4')
    await until(() => batches.length === 3, { what: 'the batch after the flush' })
  })

  it('are collected just as well while they keep coming', async () => {
    const batches: number[] = []
    const write = async (all: readonly SecurityEvent[]) => {
      await setTimeout(5)
      batches.push(all.length)
    }
    const { pseudonyms } = setup()
    const sinks = [{ name: 'slow', gatherMs: 40, write }]
    const events = createSecurityEvents({ sinks, clock: { now: () => 0 }, pseudonyms })
    for (let i = 0; i < 20; i++) {
      events.emit({ event: 'auth.failed', requestId: String(i), address: String(i) })
      await setTimeout(4)
    }
    // A flush in the middle of a write waits for it and for what has come since.
    expect(await events.flush(1_000)).toBe(true)
    expect(batches.reduce((sum, each) => sum + each, 0)).toBe(20)
    // One batch in 45 ms at most, and the last one.
    expect(batches.length).toBeLessThan(8)
  })

  it('emitting never waits for a sink, and what does not fit is counted and reported', async () => {
    const release = Promise.withResolvers<void>()
    const { events, written } = setup({ capacity: 10, write: () => release.promise })
    for (let i = 0; i < 25; i++) events.emit({ event: 'auth.failed' })
    expect(await events.flush(1)).toBe(false)
    expect(events.state().test).toEqual({ written: 0, dropped: 15, waiting: 10 })
    release.resolve()
    expect(await events.flush(1000)).toBe(true)
    expect(written.length).toBe(11)
    expect(written[10]).toMatchObject({
      event: 'events.dropped',
      severity: 'critical',
      details: { count: 15 },
    })
  })

  it('a failing sink loses nothing unnoticed and recovers', async () => {
    let failing = true
    const { events, written } = setup({
      write: async () => {
        if (failing) throw new Error('database gone')
      },
    })
    events.emit({ event: 'auth.failed' })
    await events.flush(1000)
    expect(events.state().test).toEqual({ written: 0, dropped: 1, waiting: 0 })
    failing = false
    events.emit({ event: 'auth.locked' })
    await events.flush(1000)
    expect(written.map((event) => event.event)).toEqual(['auth.locked', 'events.dropped'])
  })

  it('a report of drops that is itself lost is made again: all of them are told in the end', async () => {
    let failing = false
    const { events, written } = setup({
      capacity: 10,
      write: async (batch) => {
        // The batch with the first report fails.
        if (failing || (batch.some(({ event }) => event === 'events.dropped') && written.length < 12)) {
          failing = false
          throw new Error('down')
        }
      },
    })
    for (let i = 0; i < 25; i++) events.emit({ event: 'auth.failed' })
    await events.flush(1000)
    expect(written).toHaveLength(10)
    events.emit({ event: 'key.created' })
    events.emit({ event: 'key.created' })
    await events.flush(1000)
    const told = written.filter(({ event }) => event === 'events.dropped')
    expect(told.map(({ details }) => details?.count)).toEqual([15])
    expect(events.state().test?.dropped).toBe(15)
  })

  it('more than one batch arrives whole', async () => {
    const { events, written } = setup({ capacity: 1000 })
    for (let i = 0; i < 700; i++) events.emit({ event: 'auth.failed' })
    await events.flush(1000)
    expect(written.length).toBe(700)
  })

  it('without a pipeline events go nowhere', async () => {
    noSecurityEvents.emit({ event: 'auth.failed' })
    expect(noSecurityEvents.state()).toEqual({})
    expect(await noSecurityEvents.flush(1)).toBe(true)
  })
})

describe('pseudonyms', () => {
  it('are equal for equal values for a period, different between kinds, periods and keys', () => {
    const { pseudonyms, advance } = setup()
    const first = pseudonyms('address', '192.0.2.7')
    expect(pseudonyms('address', '192.0.2.7')).toBe(first)
    expect(pseudonyms('mail', '192.0.2.7')).not.toBe(first)
    const other = createSecret('Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1QqPpOoNnMmLlKkJj', { name: 'other' })
    const theirs = createPseudonyms({ secret: other, clock: { now: () => 1_800_000_000_000 } })
    expect(theirs('address', '192.0.2.7')).not.toBe(first)
    advance(31 * 86_400_000)
    expect(pseudonyms('address', '192.0.2.7')).not.toBe(first)
  })
})

describe('the line on standard output', () => {
  const event: SecurityEvent = { time: 0, event: 'origin.denied', severity: 'warning', requestId: 'req-1' }

  it('is one line of JSON that a search for [SECURITY] finds', () => {
    const line = formatSecurityLine(event)
    expect(line.endsWith('\n')).toBe(true)
    expect(JSON.parse(line)).toEqual({
      level: 'warn',
      time: '1970-01-01T00:00:00.000Z',
      msg: '[SECURITY] origin.denied',
      event: 'origin.denied',
      severity: 'warning',
      request_id: 'req-1',
    })
  })

  it('waits for the stream and reports its failure', async () => {
    const lines: string[] = []
    const stream = (error?: Error) =>
      // Only `write` is used.
      ({
        write(text: string, done: (error?: Error) => void) {
          lines.push(text)
          done(error)
        },
      }) as unknown as NodeJS.WritableStream
    await stdoutSink(stream()).write([event, event])
    expect(lines).toEqual([formatSecurityLine(event).repeat(2)])
    await expect(stdoutSink(stream(new Error('closed'))).write([event])).rejects.toThrow('closed')
  })
})

describe('floods of one address', () => {
  const denied = { event: 'limit.denied', address: '192.0.2.7', details: { reason: 'rate_limited' } } as const

  it('three events in a second are told, the rest are counted in one, none is lost', async () => {
    const { events, written } = setup({ capacity: 10_000 })
    for (let i = 0; i < 5000; i++) events.emit({ ...denied, requestId: `r${i}` })
    await events.flush(1000)
    expect(written.map(({ requestId, details }) => [requestId, details?.merged])).toEqual([
      ['r0', undefined],
      ['r1', undefined],
      ['r2', undefined],
      [undefined, 4997],
    ])
    expect(written[3]).toMatchObject({ address: written[0]?.address, details: { reason: 'rate_limited' } })
  })

  it('the number is told when the second is over, by the next event or by time itself', async () => {
    const { events, written, advance } = setup()
    for (let i = 0; i < 5; i++) events.emit(denied)
    advance(1000)
    for (let i = 0; i < 4; i++) events.emit(denied)
    await until(() => written.length === 8, { what: 'both numbers' })
    expect(written.map((event) => event.details?.merged ?? 0)).toEqual([0, 0, 0, 2, 0, 0, 0, 1])
  })

  it('other reasons, actors and addresses are told by themselves', async () => {
    const { events, written } = setup()
    for (let i = 0; i < 3; i++) {
      events.emit(denied)
      events.emit({ ...denied, address: '192.0.2.8' })
      events.emit({ ...denied, details: { reason: 'address_blocked' } })
      events.emit({ ...denied, actorId: 'key_1' })
      events.emit({ event: 'auth.failed', address: '192.0.2.7', details: { cause: 'unknown' } })
      events.emit({ event: 'limit.denied' })
    }
    await events.flush(1000)
    expect(written.length).toBe(18)
  })

  it('from very many addresses the memory is bounded and the number still told', async () => {
    const { events, written } = setup({ capacity: 100_000 })
    for (let i = 0; i < 50_000; i++) events.emit({ ...denied, address: `2001:db8::${i.toString(16)}` })
    await events.flush(5000)
    const merged = written.filter((event) => event.details?.merged !== undefined)
    expect(merged).toMatchObject([{ details: { merged: 50_000 - 10_000 - 3 } }])
    expect(merged[0]).not.toHaveProperty('address')
    expect(written.length).toBe(10_000 + 3 + 1)
  })
})
