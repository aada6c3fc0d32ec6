import { until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { everyInterval } from './session-truth.ts'
import { names, setup, sockets } from './test-socket-guard.ts'

const policy = { sockets: { ...sockets, framesPerSecond: 30 } }

describe('the frames of a connection', () => {
  it.each([
    ['enforce', ['cut'], ['socket.flood']],
    ['observe', [], ['socket.flood']],
    ['off', [], []],
  ] as const)('above the rate, with the switch at "%s"', async (mode, ends, events) => {
    const { connect, emitted } = setup({ policy, modes: { limits: mode } })
    const found = await connect('ann')
    for (let i = 0; i < 30; i++) found.connection?.frame()
    expect([found.ends, names(emitted)]).toEqual([[], []])
    for (let i = 0; i < 100; i++) found.connection?.frame()
    expect([found.ends, names(emitted)]).toEqual([ends, events])
  })

  it('count anew each second, also after the clock was set back', async () => {
    const { clock, connect } = setup({ policy })
    const { connection, ends } = await connect('ann')
    const fill = () => {
      for (let i = 0; i < 30; i++) connection?.frame()
    }
    fill()
    clock.advance(1000)
    fill()
    clock.set(0)
    fill()
    expect(ends).toEqual([])
    clock.advance(999)
    connection?.frame()
    expect(ends).toEqual(['cut'])
  })

  it('before anybody was let in are few, and time brings no more', async () => {
    const { clock, connect } = setup({
      policy,
      options: { identify: () => ({ outcome: 'invalid' }) },
    })
    const { connection, ends } = await connect('ann')
    for (let i = 0; i < 20; i++) {
      connection?.frame()
      clock.advance(1000)
    }
    expect(ends).toEqual([])
    connection?.frame()
    expect(ends).toEqual(['cut'])
  })

  it('a cut connection takes its sockets along, and makes room', async () => {
    const { connect, timers } = setup({ policy })
    const first = await connect('ann')
    const second = await connect('ann')
    expect((await connect('ann')).code).toBe('too_many_connections')
    for (let i = 0; i < 31; i++) first.connection?.frame()
    expect([first.ends, second.ends, timers.size]).toEqual([['cut'], [], 1])
    expect((await connect('ann')).code).toBe('in')
  })
})

describe('the rate of connections, with the switch at "observe"', () => {
  it('is told and lets pass', async () => {
    const connections = { quota: 1, windowMs: 1000 }
    const given = { policy: { sockets: { ...sockets, connections } }, modes: { limits: 'observe' } } as const
    const { connect, emitted } = setup(given)
    expect([(await connect('ann')).code, (await connect('ann')).code]).toEqual(['in', 'in'])
    expect(emitted).toMatchObject([{ event: 'limit.denied', details: { mode: 'observe' } }])
  })
})

describe('the machine’s timer', () => {
  it('rings until it is stopped', async () => {
    let rings = 0
    const stop = everyInterval(1, () => rings++)
    await until(() => rings > 2, { what: 'three rings' })
    stop()
    const after = rings
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(rings).toBe(after)
  })
})
