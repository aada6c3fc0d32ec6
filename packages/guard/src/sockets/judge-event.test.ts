import { until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { createMemoryLimitStore, type LimitStore, type LimitVerdict } from '../index.ts'
import { failing, minute, names, setup } from './test-socket-guard.ts'

/** A store elsewhere: it answers when told to. */
function storeElsewhere() {
  const waiting: (() => void)[] = []
  const here = createMemoryLimitStore({ clock: { now: () => 0 } })
  let held = false
  const later = (verdict: LimitVerdict) =>
    held
      ? new Promise<LimitVerdict>((resolve) => waiting.push(() => resolve(verdict)))
      : Promise.resolve(verdict)
  const store: LimitStore = {
    take: (charges) => later(here.take(charges)),
    peek: (charges) => later(here.peek(charges)),
  }
  return {
    store,
    hold: () => {
      held = true
    },
    release: () => {
      for (const answer of waiting.splice(0)) answer()
    },
  }
}

describe('an event', () => {
  it('is charged per user and per socket in one call: a refusal by one costs nothing at the other', async () => {
    const { connect } = setup()
    const [one, two] = [await connect('ann'), await connect('ann')]
    for (let i = 0; i < 3; i++) one.send?.('both')
    // The socket's quota of 1 refused twice; had that been charged to the user's 2, nothing would be left.
    expect(one.heard).toEqual(['both', 'rate_limited', 'rate_limited'])
    expect(two.send?.('both')).toBe('both')
  })

  it('is counted in a window that slides: no edge lets twice the quota through', async () => {
    const { clock, connect } = setup()
    const [one, two] = [await connect('ann'), await connect('ann')]
    one.send?.('both')
    clock.advance(minute - 1)
    two.send?.('both')
    clock.advance(1)
    expect([one.send?.('both'), two.send?.('both'), one.send?.('both')]).toEqual([
      'both',
      'rate_limited',
      'rate_limited',
    ])
    two.socket?.closed()
    const three = await connect('ann')
    expect(three.send?.('both')).toBe('rate_limited')
    clock.advance(minute - 1)
    expect(three.send?.('both')).toBe('both')
  })

  it('of strangers counts by address', async () => {
    const { connect } = setup()
    const [one, two] = [await connect(), await connect()]
    const elsewhere = await connect(undefined, { remoteAddress: '192.0.2.7' })
    expect([one.send?.('user'), two.send?.('user'), elsewhere.send?.('user')]).toEqual([
      'user',
      'rate_limited',
      'user',
    ])
  })

  it.each([
    ['observe', 'user', ['limit.denied']],
    ['off', 'user', []],
  ] as const)('over its throttle passes with the switch at "%s"', async (mode, heard, events) => {
    const { connect, emitted } = setup({ modes: { limits: mode } })
    const { send, ends } = await connect('ann')
    for (let i = 0; i < 10; i++) expect(send?.('user')).toBe(heard)
    expect([names(emitted), ends]).toEqual([events, []])
    if (mode === 'observe') expect(emitted[0]?.details?.mode).toBe('observe')
  })

  it.each(['enforce', 'off'] as const)(
    'without a throttle or a limit, caps hold (limits: %s)',
    async (mode) => {
      const { connect } = setup({ modes: { limits: mode } })
      const { send } = await connect('ann')
      expect(send?.('free', 'x'.repeat(47))).toBe('free')
      expect(send?.('free', 'x'.repeat(48))).toBe('payload_too_large')
      expect(send?.('unheard')).toBe('event_unknown')
    },
  )

  it.each([
    [[]],
    [[undefined]],
    [[1]],
    [[null]],
    [[{}]],
    [[['free']]],
    [[Symbol('free')]],
    [['x'.repeat(65)]],
    [['__proto__']],
    [['hasOwnProperty']],
    [[() => {}]],
  ])('named %o is unknown', async (packet) => {
    const { connect } = setup()
    const { socket } = await connect('ann')
    const answers: string[] = []
    socket?.receive(
      packet,
      () => answers.push('passed'),
      ({ code }) => answers.push(code),
    )
    expect(answers).toEqual(['event_unknown'])
  })

  it.each(['unheard', 'user'])(
    '"%s" refused again and again ends the socket, with two events for all',
    async (name) => {
      const { connect, emitted } = setup()
      const { send, ends, heard } = await connect('ann')
      for (let i = 0; i < 20; i++) send?.(name)
      const code = name === 'user' ? 'rate_limited' : 'event_unknown'
      expect(heard?.filter((it) => it !== name)).toEqual([code, code, code])
      expect(ends).toMatchObject([{ code }])
      const first = name === 'user' ? 'limit.denied' : 'socket.refused'
      expect(names(emitted)).toEqual([first, 'socket.flood'])
      expect(emitted[1]).toMatchObject({ actorId: 'ann', details: { refusals: 4, reason: code } })
    },
  )

  it('flooded counts against the address, once per socket', async () => {
    const levels = [{ strikes: 1, windowMs: minute, lastsMs: minute, cost: 5 }]
    const { connect, guard } = setup({ policy: { penalties: { levels } } })
    for (const [user, penalised] of [
      ['ann', 0],
      ['bob', 1],
    ] as const) {
      const { send } = await connect(user)
      for (let i = 0; i < 20; i++) send?.('user')
      expect(guard.penalties.list().length).toBe(penalised)
    }
  })
})

describe('an event whose limits are elsewhere', () => {
  it('waits for the answer, in order', async () => {
    const { store } = storeElsewhere()
    const { connect } = setup({ guard: { store } })
    const { send, heard = [] } = await connect('ann')
    for (const name of ['both', 'user', 'both']) send?.(name)
    expect(heard).toEqual([])
    await until(() => heard.length === 3, { what: 'the answers' })
    expect(heard).toEqual(['both', 'user', 'rate_limited'])
  })

  it('is not passed on when the session ended while it waited', async () => {
    const { store, hold, release } = storeElsewhere()
    const { connect, revoke } = setup({ guard: { store, storePatienceMs: 5000 } })
    const { send, heard, ends } = await connect('ann')
    hold()
    send?.('both')
    revoke('session', 'ann-1')
    release()
    await new Promise(setImmediate)
    expect([heard, ends.length]).toEqual([[], 1])
  })

  it('follows its own failure mode, or the door’s; a store that fails is nobody’s flood', async () => {
    const failed: LimitStore = {
      take: () => Promise.reject(new Error('away')),
      peek: () => Promise.reject(new Error('away')),
    }
    const { connect, emitted } = setup({ guard: { store: failed }, policy: failing('allow') })
    const { send, heard = [], ends } = await connect('ann')
    send?.('both')
    for (let i = 0; i < 6; i++) send?.('user')
    await until(() => heard.length === 7, { what: 'the answers' })
    expect(heard).toEqual(['both', ...Array(6).fill('limits_unavailable')])
    expect([ends, names(emitted)]).toEqual([[], ['limit.store_failed']])
  })

  it('at a door that denies, nobody connects while the store is away', async () => {
    const failed: LimitStore = {
      take: () => Promise.reject(new Error('away')),
      peek: () => Promise.reject(new Error('away')),
    }
    const { connect, emitted } = setup({ guard: { store: failed }, policy: failing('deny') })
    expect((await connect('ann')).code).toBe('limits_unavailable')
    expect(names(emitted)).toEqual(['limit.store_failed', 'socket.refused'])
  })
})
