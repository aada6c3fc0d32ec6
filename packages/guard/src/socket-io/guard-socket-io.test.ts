import { until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { createMemoryLimitStore, type LimitStore } from '../index.ts'
import { socketActor } from './index.ts'
import { chatDoor, chatPolicy, chatSockets, from, ownOrigin, settled, startChat } from './test-chat.ts'

const minute = 60_000

describe('polling answers', () => {
  it('carry the headers of an API: no browser takes what others wrote for a page', async () => {
    await using chat = await startChat()
    const headers = from('ann-1')
    const url = `${chat.url}/socket.io/?EIO=4&transport=polling`
    const first = await fetch(url, { headers })
    const { sid }: { sid: string } = JSON.parse((await first.text()).slice(1))
    const written = await fetch(`${url}&sid=${sid}`, { method: 'POST', headers, body: '40' })
    for (const answer of [first, written, await fetch(`${url}&sid=${sid}`, { headers })]) {
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(answer.headers.get('access-control-allow-origin')).toBe(ownOrigin)
    }
  })
})

describe('limits that are kept elsewhere', () => {
  it('are waited for, before the connection and at every event', async () => {
    const here = createMemoryLimitStore({ clock: { now: () => 0 } })
    const store: LimitStore = {
      take: async (charges) => here.take(charges),
      peek: async (charges) => here.peek(charges),
    }
    const connections = { quota: 1, windowMs: 1000 }
    await using chat = await startChat({ guard: { store }, sockets: { connections } })
    const socket = chat.open({ extraHeaders: from('ann-1') })
    expect(await settled(socket)).toBe('connected')
    expect(await settled(chat.open({ extraHeaders: from('ann-1') }))).not.toBe('connected')
    const answers = await Promise.all(Array.from({ length: 4 }, () => socket.emitWithAck('voice:invite', 1)))
    expect(answers.map((answer) => answer.code ?? answer)).toEqual(['ok', 'ok', 'ok', 'rate_limited'])
  })
})

describe('a door that asks nobody', () => {
  it('lets strangers in, whose throttles count by address', async () => {
    const doors = { ...chatPolicy.doors, socket: { ...chatDoor, authentication: 'optional' as const } }
    await using chat = await startChat({ policy: { doors } })
    const [one, two] = [chat.open(), chat.open()]
    expect([await settled(one), await settled(two)]).toEqual(['connected', 'connected'])
    const [serverSide = {}] = chat.io.sockets.sockets.values()
    expect(socketActor(serverSide)).toBe(undefined)
    const answers = await Promise.all([one, two, one, two].map((it) => it.emitWithAck('voice:invite', 1)))
    expect(answers.map((answer) => answer.code ?? answer)).toEqual(['ok', 'ok', 'ok', 'rate_limited'])
  })
})

describe('a token', () => {
  it.each([
    ['an object', { a: 1 }, 'credential_missing'],
    ['too long', 'x'.repeat(8193), 'credential_invalid'],
    ['of odd characters', 'a\r\nb: c', 'credential_invalid'],
    ['empty', '', 'credential_invalid'],
  ])('that is %s does not come in', async (_, token, code) => {
    await using chat = await startChat()
    expect(await settled(chat.open({ auth: { token } }))).toMatchObject({ code })
  })

  it('in the address is not read', async () => {
    await using chat = await startChat()
    const query = { token: await chat.tokenOfAnn() }
    expect(await settled(chat.open({ query }))).toMatchObject({ code: 'credential_missing' })
  })
})

describe.each(['websocket', 'polling'])('over %s', (transport) => {
  const by = (headers: Record<string, string>) => ({ transports: [transport], extraHeaders: headers })

  describe('a connection', () => {
    it('of a session from our own page comes in', async () => {
      await using chat = await startChat()
      const socket = chat.open(by(from('ann-1')))
      expect([await settled(socket), chat.errors]).toEqual(['connected', []])
      expect(await socket.emitWithAck('room:message', 'hello')).toBe('ok')
      expect(chat.received).toEqual([['room:message', 'hello']])
      const [serverSide] = chat.io.sockets.sockets.values()
      expect(serverSide && socketActor(serverSide)?.id).toBe('ann')
      expect(chat.emitted).toEqual([])
    })

    it.each(['https://evil.example', 'null', `${ownOrigin}.evil.example`, 'http://chat.example', ''])(
      'from the wrong origin "%s" is refused before it exists, whatever credential it shows',
      async (origin) => {
        await using chat = await startChat()
        const token = await chat.tokenOfAnn()
        for (const options of [by(from('ann-1', origin)), { ...by({ origin }), auth: { token } }]) {
          expect(await settled(chat.open(options))).not.toBe('connected')
        }
        expect(chat.emitted.map(({ event }) => event)).toEqual([
          'origin.denied',
          'socket.refused',
          'origin.denied',
          'socket.refused',
        ])
        expect(chat.io.engine.clientsCount).toBe(0)
      },
    )

    it('without an origin is refused with a cookie, which any page could have sent', async () => {
      await using chat = await startChat()
      expect(await settled(chat.open(by({ cookie: 'session=ann-1' })))).not.toBe('connected')
      expect(chat.emitted.map(({ event }) => event)).toEqual(['origin.denied', 'socket.refused'])
    })

    it('without an origin and without a cookie is a program: it comes in with a token', async () => {
      await using chat = await startChat()
      const token = await chat.tokenOfAnn()
      const inAuth = chat.open({ ...by({}), auth: { token } })
      expect(await settled(inAuth)).toBe('connected')
      expect(await settled(chat.open(by({ authorization: `Bearer ${token}` })))).toBe('connected')
    })

    it('is limited like any door’s: strangers, guesses, actors', async () => {
      await using chat = await startChat()
      const codes = async (session: string, forwarded: string, times: number) => {
        const found: unknown[] = []
        for (let i = 0; i < times; i++) {
          const headers = { ...from(session), 'x-forwarded-for': forwarded }
          const answer = await settled(
            chat.open(by(session === '' ? { 'x-forwarded-for': forwarded } : headers)),
          )
          found.push(answer === 'connected' ? answer : answer.code)
        }
        return found
      }
      const missing = Array(20).fill('credential_missing')
      expect(await codes('', '192.0.2.1', 21)).toEqual([...missing, 'rate_limited'])
      const invalid = Array(10).fill('credential_invalid')
      expect(await codes('nobody', '192.0.2.2', 11)).toEqual([...invalid, 'rate_limited'])
      // Guesses close the address to everybody, also to a credential that holds; other addresses stay open.
      expect(await codes('ann-1', '192.0.2.2', 1)).toEqual(['rate_limited'])
      expect(await codes('ann-1', '192.0.2.1', 1)).toEqual(['connected'])
    })

    it('that is refused says why, in the shape that every refusal has', async () => {
      await using chat = await startChat()
      const refused = await settled(chat.open(by({ origin: ownOrigin })))
      expect(refused).toEqual({
        code: 'credential_missing',
        title: 'Authentication required',
        detail: expect.stringContaining('Sign in'),
      })
      expect(chat.emitted.at(-1)).toMatchObject({
        event: 'socket.refused',
        address: '127.0.0.1',
        details: { stage: 'handshake', reason: 'credential_missing', door: 'socket' },
      })
    })
  })

  describe('a socket lives as long as its session', () => {
    it('a session that has ended does not come in', async () => {
      await using chat = await startChat()
      await chat.revocations.revoke(ended('session', 'ann-1', chat.clock.now()))
      expect(await settled(chat.open(by(from('ann-1'))))).toMatchObject({ code: 'credential_invalid' })
      expect(await settled(chat.open(by(from('ann-2'))))).toBe('connected')
    })

    it('an expired token does not come in', async () => {
      await using chat = await startChat()
      const token = await chat.tokenOfAnn()
      chat.clock.advance(15 * minute)
      const refused = await settled(chat.open({ ...by({}), auth: { token } }))
      expect(refused).toMatchObject({ code: 'credential_invalid' })
    })

    it('a token that expires meanwhile does not cut it, the session’s end does', async () => {
      await using chat = await startChat()
      const token = await chat.tokenOfAnn()
      const socket = chat.open({ ...by({}), auth: { token } })
      expect(await settled(socket)).toBe('connected')
      chat.clock.advance(20 * minute)
      chat.ring()
      expect(await socket.emitWithAck('room:message', 'still here')).toBe('ok')
      const cut = endOf(socket)
      await chat.revocations.revoke(ended('session', 'ann-1', chat.clock.now()))
      expect(await cut).toEqual(['session_ended', 'io server disconnect'])
    })

    it.each([
      ['session', 'ann-1'],
      ['user', 'ann'],
    ] as const)('the end of its %s cuts it, tells it why, and nobody else', async (kind, id) => {
      await using chat = await startChat()
      const mine = chat.open(by(from('ann-1')))
      const other = chat.open(by(from('bob-1')))
      expect([await settled(mine), await settled(other)]).toEqual(['connected', 'connected'])
      const cut = endOf(mine)
      await chat.revocations.revoke(ended(kind, id, chat.clock.now()))
      // Sent before it knows: no handler hears it any more.
      mine.emit('room:message', 'too late')
      expect(await cut).toEqual(['session_ended', 'io server disconnect'])
      expect(await other.emitWithAck('room:message', 'here')).toBe('ok')
      expect(chat.received).toEqual([['room:message', 'here']])
      expect(chat.emitted).toEqual([
        expect.objectContaining({
          event: 'socket.ended',
          actorId: 'ann',
          details: { door: 'socket', reason: 'session_ended', cause: 'signed_out' },
        }),
      ])
    })
  })

  // The throttles know nothing of transports: over polling one event stands for all.
  const throttled = Object.entries(chatSockets.events).filter(([, rule]) => rule.perUser !== undefined)
  describe.each(transport === 'polling' ? throttled.slice(0, 1) : throttled)(
    'a flood of %s',
    (name, rule) => {
      const { quota = 0, windowMs = 0 } = rule.perUser ?? {}

      it('passes what the policy allows, then is told when to come back', async () => {
        await using chat = await startChat()
        const socket = chat.open(by(from('ann-1')))
        await settled(socket)
        const answers = await Promise.all(
          Array.from({ length: quota + 1 }, (_, i) => socket.emitWithAck(name, i)),
        )
        expect(answers.slice(0, quota)).toEqual(Array(quota).fill('ok'))
        expect(answers[quota]).toEqual({
          code: 'rate_limited',
          title: 'Too many requests',
          detail: expect.stringContaining('retry_after'),
          retry_after: windowMs / 1000,
          event: name,
        })
        chat.clock.advance(windowMs - 1)
        expect(await socket.emitWithAck(name, 'early')).toMatchObject({ retry_after: 1 })
        chat.clock.advance(1)
        expect(await socket.emitWithAck(name, 'in time')).toBe('ok')
        expect(chat.received.length).toBe(quota + 1)
      })

      it('is one for all sockets of the user', async () => {
        await using chat = await startChat()
        const sockets = [chat.open(by(from('ann-1'))), chat.open(by(from('ann-2')))]
        const bob = chat.open(by(from('bob-1')))
        for (const socket of [...sockets, bob]) await settled(socket)
        const answers = await Promise.all(
          Array.from({ length: quota * 2 }, (_, i) => sockets[i % 2]?.emitWithAck(name, i)),
        )
        expect(answers.filter((answer) => answer === 'ok').length).toBe(quota)
        expect(await bob.emitWithAck(name, 'mine')).toBe('ok')
      })

      it('without acknowledgements gets error events, and repeated ones are disconnected', async () => {
        await using chat = await startChat({ sockets: { floods: { quota: 5, windowMs: minute } } })
        const socket = chat.open(by(from('ann-1')))
        await settled(socket)
        const told: unknown[] = []
        socket.on('error', (refusal) => told.push(refusal.code))
        const cut = endOf(socket)
        for (let i = 0; i < quota + 20; i++) socket.emit(name, i)
        expect(await cut).toEqual(['rate_limited', 'io server disconnect'])
        expect(told.length).toBe(6)
        // What passed in the same moment may find its socket closed already.
        expect(chat.received.length).toBeLessThanOrEqual(quota)
        // Two events for twenty frames: the first refusal, and the end.
        expect(chat.emitted.map(({ event, details }) => [event, details?.name, details?.refusals])).toEqual([
          ['limit.denied', name, undefined],
          ['socket.flood', name, 6],
        ])
      })
    },
  )

  it('a frame above the policy’s size cuts the connection', async () => {
    await using chat = await startChat()
    const socket = chat.open(by(from('ann-1')))
    await settled(socket)
    const cut = new Promise<string>((resolve) => socket.once('disconnect', resolve))
    socket.emit('typing', 'x'.repeat(20_001))
    expect(await cut).toMatch(/^transport/)
    await until(() => chat.io.engine.clientsCount === 0, { what: 'the connection to be gone' })
    expect(chat.received).toEqual([])
  })

  it('a payload above the event’s size is refused, attachments included', async () => {
    await using chat = await startChat()
    const socket = chat.open(by(from('ann-1')))
    await settled(socket)
    expect(await socket.emitWithAck('room:message', 'x'.repeat(1997))).toBe('ok')
    const tooLarge = { code: 'payload_too_large', event: 'room:message' }
    expect(await socket.emitWithAck('room:message', 'x'.repeat(1998))).toMatchObject(tooLarge)
    expect(await socket.emitWithAck('room:message', Buffer.alloc(1500), Buffer.alloc(501))).toMatchObject(
      tooLarge,
    )
    expect(await socket.emitWithAck('direct:message', 'x'.repeat(1998))).toBe('ok')
  })

  it('an event that the policy does not name is refused and reported, once', async () => {
    await using chat = await startChat()
    const socket = chat.open(by(from('ann-1')))
    await settled(socket)
    for (const name of ['admin:delete', '__proto__', 'constructor', 'error', 'x'.repeat(10_000)]) {
      expect(await socket.emitWithAck(name, 1)).toEqual({
        code: 'event_unknown',
        title: 'Unknown event',
        detail: expect.any(String),
      })
    }
    expect(chat.emitted.length).toBe(1)
    expect(chat.emitted[0]).toMatchObject({ event: 'socket.refused', details: { reason: 'event_unknown' } })
    expect(JSON.stringify(chat.emitted)).not.toContain('admin')
  })

  it('a user has as many sockets as the policy says, an address as many connections', async () => {
    await using chat = await startChat({ sockets: { openPerUser: 2, openPerAddress: 3 } })
    const [one] = [chat.open(by(from('ann-1'))), chat.open(by(from('ann-2')))]
    await until(() => chat.io.engine.clientsCount === 2, { what: 'ann to be there twice' })
    expect(await settled(chat.open(by(from('ann-3'))))).toMatchObject({ code: 'too_many_connections' })
    await until(() => chat.io.engine.clientsCount === 2, { what: 'the third to be gone' })
    expect(await settled(chat.open(by(from('bob-1'))))).toBe('connected')
    expect(await settled(chat.open(by(from('cat-1'))))).not.toBe('connected')
    expect(chat.emitted.map(({ event, details }) => [event, details?.stage, details?.reason])).toEqual([
      ['socket.refused', 'handshake', 'too_many_connections'],
      ['socket.refused', 'connection', 'too_many_connections'],
    ])
    const elsewhere = { ...from('cat-1'), 'x-forwarded-for': '192.0.2.9' }
    expect(await settled(chat.open(by(elsewhere)))).toBe('connected')
    one?.disconnect()
    await until(() => chat.io.engine.clientsCount === 3, { what: 'the first to be gone' })
    expect(await settled(chat.open(by(from('ann-4'))))).toBe('connected')
  })

  it.each(['/rooms', '/tenant-7'])('the namespace %s has the same door', async (namespace) => {
    await using chat = await startChat({ namespace: '/rooms' })
    chat.io.of(/^\/tenant-\d+$/)
    expect(await settled(chat.open(by({ origin: ownOrigin }), namespace))).toMatchObject({
      code: 'credential_missing',
    })
    const socket = chat.open(by(from('ann-1')), namespace)
    expect(await settled(socket)).toBe('connected')
    expect(await socket.emitWithAck('unheard:of')).toMatchObject({ code: 'event_unknown' })
    const cut = endOf(socket)
    await chat.revocations.revoke(ended('session', 'ann-1', chat.clock.now()))
    expect(await cut).toEqual(['session_ended', 'io server disconnect'])
  })
})

/** The last refusal it was told and the reason that the library gives. */
function endOf(
  socket: ReturnType<Awaited<ReturnType<typeof startChat>>['open']>,
): Promise<[unknown, string]> {
  let told: unknown
  socket.on('error', (refusal) => {
    told = refusal.code
  })
  return new Promise((resolve) => socket.once('disconnect', (reason) => resolve([told, reason])))
}

function ended(kind: 'session' | 'user', id: string, nowMs: number) {
  return { kind, id, cause: 'signed_out', forgetAtMs: nowMs + 3_600_000 }
}
