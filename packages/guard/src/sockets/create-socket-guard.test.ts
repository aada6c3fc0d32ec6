import { until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { guardError } from '../errors.ts'
import type { IdentifyResult } from '../index.ts'
import type { Revocation } from '../tokens/revocation/revocations.ts'
import { failing, type Given, minute, names, setup, sockets } from './test-socket-guard.ts'

describe('session truth', () => {
  it.each([
    ['session', 'ann-1'],
    ['family', 'fam'],
    ['user', 'ann'],
    ['key', 'k'],
  ] as const)('a socket ends with its %s, one that hangs on another does not', async (kind, id) => {
    const identify = (): IdentifyResult => {
      const actor = {
        kind: 'user',
        id: 'ann',
        via: 'session',
        sessionId: 'ann-1',
        familyId: 'fam',
        keyId: 'k',
      } as const
      return { outcome: 'identified', actor }
    }
    const { connect, revoke, emitted } = setup({ options: { identify } })
    const { ends, send } = await connect('ann')
    revoke(kind, 'other')
    expect(ends).toEqual([])
    revoke(kind, id)
    revoke(kind, id)
    expect(ends).toEqual([expect.objectContaining({ code: 'session_ended' })])
    expect(send?.('free')).toBe(undefined)
    expect(names(emitted)).toEqual(['socket.ended'])
  })

  it('the end of a single token ends nothing: a socket outlives its access token', async () => {
    const { connect, revoke } = setup()
    const { ends, send } = await connect('ann')
    revoke('token', 'ann-1')
    expect([ends, send?.('free')]).toEqual([[], 'free'])
  })

  it.each([
    ['whoever signed in again since stays', true, [1, 0]],
    ['of whom nobody knows since when, nobody stays', false, [1, 1]],
  ] as const)('when all of a user is ended, %s', async (_, dated, ends) => {
    let now = 0
    const identify = (): IdentifyResult => {
      const actor = {
        kind: 'user',
        id: 'ann',
        via: 'session',
        ...(dated ? { issuedAtMs: now } : {}),
      } as const
      return { outcome: 'identified', actor }
    }
    const { clock, connect, revoke } = setup({ options: { identify } })
    now = clock.now()
    const before = await connect('ann')
    const endedAtMs = clock.now()
    clock.advance(1)
    now = clock.now()
    const after = await connect('ann')
    revoke('user', 'ann', endedAtMs)
    expect([before.ends.length, after.ends.length]).toEqual(ends)
  })

  it('what ended in the very moment of the handshake does not come in', async () => {
    let late: ((revocation: undefined) => void) | undefined
    const find = () => new Promise<undefined>((resolve) => (late = resolve))
    const { connect, revoke, emitted } = setup({ find })
    const connecting = connect('ann')
    await until(() => late !== undefined, { what: 'the look' })
    // The bus is faster than the store.
    revoke('session', 'ann-1')
    late?.(undefined)
    const { code, ends } = await connecting
    expect([code, ends]).toEqual(['session_ended', []])
    expect(names(emitted)).toEqual(['socket.refused'])
  })

  it('is ended once, whoever notices first', async () => {
    const { connect, revoke, emitted, ring } = setup({ options: { sessionLives: () => false } })
    expect((await connect('ann')).code).toBe('session_ended')
    revoke('session', 'ann-1')
    await ring()
    expect(names(emitted)).toEqual(['socket.refused'])
  })

  it('what was found ended at the first look does not come in', async () => {
    const ended: Revocation = { kind: 'session', id: 'ann-1', revokedAtMs: 0, forgetAtMs: 1, cause: 'x' }
    const { connect, timers } = setup({ find: () => ended })
    expect((await connect('ann')).code).toBe('session_ended')
    expect(timers.size).toBe(0)
  })

  it('the timer finds what no bus tells', async () => {
    let lives = true
    const { connect, emitted, ring, timers } = setup({ options: { sessionLives: async () => lives } })
    const { ends } = await connect('ann')
    await ring()
    expect(ends).toEqual([])
    lives = false
    await ring()
    expect(ends).toMatchObject([{ code: 'session_ended' }])
    expect(emitted).toMatchObject([
      { event: 'socket.ended', details: { reason: 'session_ended', cause: 'expired' } },
    ])
    expect(timers.size).toBe(0)
  })

  it.each([
    ['deny', ['limits_unavailable']],
    ['local', []],
    ['allow', []],
  ] as const)('when nobody can say, a door that says "%s" decides', async (mode, codes) => {
    let broken = false
    const find = () => (broken ? Promise.reject(guardError('store_unreachable', 'away')) : undefined)
    const { connect, errors, ring } = setup({ policy: failing(mode), find })
    const { ends } = await connect('ann')
    broken = true
    await ring()
    expect(ends.map((end) => end !== 'cut' && end.code)).toEqual(codes)
    expect(errors).toMatchObject([{ code: 'store_unreachable' }])
  })

  it('a look that has no answer by the next one counts as none', async () => {
    let hanging = false
    const find = () => (hanging ? new Promise<undefined>(() => {}) : undefined)
    const { connect, errors, ring, timers } = setup({ policy: failing('deny'), find })
    const { ends } = await connect('ann')
    hanging = true
    for (const run of timers) run()
    expect(ends).toEqual([])
    await ring()
    expect(ends).toMatchObject([{ code: 'limits_unavailable' }])
    expect(errors.length).toBe(1)
  })

  it('strangers have no session: nothing is looked up for them', async () => {
    let looks = 0
    const { connect, timers } = setup({ find: () => void looks++ })
    expect((await connect()).code).toBe('in')
    expect([looks, timers.size]).toEqual([0, 0])
  })

  it('a closed socket is forgotten', async () => {
    const { connect, revoke, timers, socketGuard, listeners } = setup()
    const { socket, ends, connection } = await connect('ann')
    socket?.closed()
    socket?.closed()
    connection?.closed()
    revoke('session', 'ann-1')
    expect([ends, timers.size]).toEqual([[], 0])
    socketGuard.stop()
    expect(listeners.size).toBe(0)
  })

  it('so is one whose connection closed while it was asked who it is', async () => {
    const { gate, socketGuard, timers, connect } = setup()
    const headers = { cookie: 'ann', origin: 'https://chat.example' }
    const passage = await gate.accept({
      method: 'GET',
      url: '/',
      remoteAddress: '192.0.2.1',
      encrypted: true,
      headers,
    })
    const connection = gate.opened(passage, () => {})
    const admitted = socketGuard.admit(connection, { headers, auth: {} }, { id: 's', end: () => {} })
    connection.closed()
    const { socket } = await admitted
    let heard = 0
    socket?.receive(
      ['free'],
      () => heard++,
      () => heard++,
    )
    expect([heard, timers.size]).toEqual([0, 0])
    expect([(await connect('ann')).code, (await connect('ann')).code]).toEqual(['in', 'in'])
  })
})

describe('a handshake', () => {
  it.each([
    [
      'at once',
      () => {
        throw new Error('broken')
      },
    ],
    ['later', () => Promise.reject(new Error('broken'))],
  ])('whose identification fails %s is refused, and the application is told', async (_, identify) => {
    const { connect, errors, emitted } = setup({ options: { identify } })
    const { refusal } = await connect('ann')
    expect(refusal).toMatchObject({ code: 'limits_unavailable', retry_after: 1 })
    expect(errors).toEqual([new Error('broken')])
    expect(names(emitted)).toEqual(['socket.refused'])
  })

  it('over plain HTTP is refused where HTTPS is required, not redirected', async () => {
    const transport = { plainHttp: 'require-https', publicOrigin: 'https://chat.example' } as const
    const { connect } = setup({ policy: { transport } })
    expect((await connect('ann', { encrypted: false })).code).toBe('https_required')
    expect((await connect('ann')).code).toBe('in')
  })

  it('of the pages that CORS lists with credentials comes in too', async () => {
    const { connect, gate } = setup({
      policy: { cors: { origins: ['https://other.example'], credentials: true } },
    })
    const at = (origin: string) => ({ headers: { origin, cookie: 'ann' } })
    expect((await connect('ann', at('https://other.example'))).code).toBe('in')
    expect((await connect('ann', at('https://third.example'))).code).toBe('origin_denied')
    expect(gate.origins).toEqual(['https://chat.example', 'https://other.example'])
  })

  it.each([
    ['observe', 'in', ['origin.denied']],
    ['off', 'in', []],
  ] as const)('from elsewhere, with the switch at "%s"', async (mode, code, events) => {
    const { connect, emitted } = setup({ modes: { origin: mode } })
    expect((await connect(undefined, { headers: { origin: 'https://evil.example' } })).code).toBe(code)
    expect(names(emitted)).toEqual(events)
  })

  it('connections by address have a rate of their own', async () => {
    const connections = { quota: 2, windowMs: minute }
    const changed = { ...sockets, connections, openPerAddress: 100 }
    const { clock, connect, emitted } = setup({ policy: { sockets: changed } })
    expect([(await connect()).code, (await connect('ann')).code]).toEqual(['in', 'in'])
    expect((await connect('ann')).code).toBe('rate_limited')
    expect(names(emitted)).toEqual(['limit.denied', 'socket.refused'])
    clock.advance(minute)
    expect((await connect('ann')).code).toBe('in')
  })

  it.each([
    ['enforce', 3, 2],
    ['observe', 8, 8],
    ['off', 8, 8],
  ] as const)(
    'no more at once than the policy says, however they race (%s)',
    async (mode, byAddress, byUser) => {
      const modes = { limits: mode }
      const race = async (given: Given, user?: string) => {
        const { connect } = setup(given)
        const all = await Promise.all(Array.from({ length: 8 }, () => connect(user)))
        return all.filter(({ code, ends }) => code === 'in' && !ends.includes('cut')).length
      }
      expect(await race({ modes, policy: { sockets: { ...sockets, openPerUser: 100 } } })).toBe(byAddress)
      expect(await race({ modes, policy: { sockets: { ...sockets, openPerAddress: 100 } } }, 'ann')).toBe(
        byUser,
      )
    },
  )
})
