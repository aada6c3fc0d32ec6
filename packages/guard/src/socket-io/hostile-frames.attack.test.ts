// What a client that keeps no rule can send. Nothing of it may throw past the guard (an uncaught error fails the run),
// reach a handler, keep the line open or cost more than a bounded amount of work.
import { until } from '@levqor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Chat, from, settled, startChat } from './test-chat.ts'
import { rawClient } from './test-raw-client.ts'

const attachment = '{"_placeholder":true,"num":0}'

async function enter(chat: Chat, session = 'eve-1') {
  const client = await rawClient(chat.port, from(session))
  client.frame('40')
  await until(() => client.texts.some((text) => text.startsWith('40')), { what: 'the handshake' })
  return client
}

/** The server still serves an honest client, and no handler heard anything else. */
async function expectUnharmed(chat: Chat) {
  const socket = chat.open({ extraHeaders: from('ann-1') })
  expect(await settled(socket)).toBe('connected')
  expect(await socket.emitWithAck('typing', 'me')).toBe('ok')
  expect(chat.received).toEqual([['typing', 'me']])
  expect(chat.errors).toEqual([])
}

describe('packets that are none', () => {
  it.each<[string, string[]]>([
    [
      'of the engine below',
      ['', '9', 'x', '0{}', '1', '2', '2probe', '3', '5', '6', 'b', 'b4!!!!', '4', '49', '4-1'],
    ],
    [
      'that name no event',
      [
        '42',
        '42[]',
        '421',
        '42{}',
        '42"x"',
        '42null',
        '42[null]',
        '42[1]',
        '42[{}]',
        '42[["typing"]]',
        '42["typing"',
        '42["connect"]',
        '42["connection"]',
        '42["disconnect"]',
        '42["disconnecting","x"]',
        '42["newListener","typing"]',
        '42["removeListener"]',
        '42["error",{}]',
        '42["__proto__"]',
        '42["constructor"]',
        '42["toString"]',
        '42999999999999999999999["nothing"]',
        '42/rooms,["typing"]',
        '42/__proto__,["typing"]',
      ],
    ],
    [
      'of acknowledgements and errors',
      ['43', '431', '431["x"]', '4399999999999999999999[]', '43[]', '44{"message":"x"}'],
    ],
    [
      'of handshakes and farewells',
      ['40', '40/nowhere,', '40/__proto__,{}', '40{"pid":{},"offset":[]}', '40[]', '40null', '41', '41"x"'],
    ],
    [
      'with attachments',
      [
        '45["typing"]',
        '45-["typing"]',
        '450-["typing"]',
        '4511-["typing"]',
        '451e1-["typing"]',
        '45999999999-["typing"]',
        `451-["typing",${attachment}]`,
        '461-[]',
      ],
    ],
  ])('%s', async (_, packets) => {
    await using chat = await startChat()
    await Promise.all(
      packets.map(async (packet, i) => {
        const client = await enter(chat, `eve${i}-1`)
        client.frame(packet)
        client.frame('42["never"]')
      }),
    )
    await expectUnharmed(chat)
  })

  it('attachments that are not what the packet says', async () => {
    await using chat = await startChat()
    const placeholders = [
      '{"_placeholder":true,"num":-1}',
      '{"_placeholder":true,"num":"0"}',
      '{"_placeholder":true}',
    ]
    const clients = await Promise.all([...placeholders, 'unasked'].map((_, i) => enter(chat, `eve-${i}`)))
    for (const [i, client] of clients.entries()) {
      const placeholder = placeholders[i]
      if (placeholder !== undefined) client.frame(`451-["typing",${placeholder}]`)
      client.frame(Buffer.alloc(8), { opcode: 2 })
    }
    for (const client of clients) await until(() => client.closed, { what: 'the line to be cut' })
    await expectUnharmed(chat)
  })

  it('frames that are none', async () => {
    await using chat = await startChat()
    const text = Buffer.from('42["typing"]')
    const attacks: ((client: Awaited<ReturnType<typeof enter>>) => void)[] = [
      (client) => client.frame(text, { masked: false }),
      (client) => client.frame(text, { opcode: 3 }),
      (client) => client.frame(text, { opcode: 0 }),
      (client) => client.frame(text, { flags: 0xf0 }),
      (client) => client.frame(text, { flags: 0xc0 }),
      (client) => client.frame(Buffer.alloc(200), { opcode: 9 }),
      (client) => client.frame(Buffer.from([0xff, 0xfe]), { opcode: 1 }),
      (client) => client.frame(Buffer.alloc(0), { length: 2n ** 63n }),
      (client) => client.frame(Buffer.alloc(0), { length: 20_001n }),
      (client) => client.bytes(Buffer.alloc(1000, 0xff)),
      (client) => {
        client.frame('4'.repeat(15_000), { flags: 0 })
        client.frame('2'.repeat(15_000), { flags: 0, opcode: 0 })
      },
    ]
    const clients = await Promise.all(attacks.map((_, i) => enter(chat, `eve${i}-1`)))
    for (const [i, client] of clients.entries()) attacks[i]?.(client)
    // The library answers with a close frame, which these clients ignore.
    for (const client of clients) await until(() => client.closed, { what: 'the line to be cut' })
    await expectUnharmed(chat)
  })

  it('300 random ones', async () => {
    await using chat = await startChat({ sockets: { framesPerSecond: 1000, openPerUser: 1000 } })
    const piece = fc.constantFrom(
      '4',
      '2',
      '0',
      '5',
      '1-',
      '["typing"',
      ',',
      attachment,
      ']',
      '/',
      '{',
      '"',
      '\\',
      '9e9',
    )
    const packet = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 12 })
      .map((it) => it.join(''))
    let client = await enter(chat)
    for (const text of fc.sample(packet, { seed: 7, numRuns: 300 })) {
      if (client.closed) client = await enter(chat)
      client.frame(`4${text}`)
    }
    client.destroy()
    chat.received.length = 0
    await expectUnharmed(chat)
  })
})

describe('floods below the events', () => {
  it.each([
    ['acknowledgements', (i: number) => `43${i}["x"]`],
    ['pongs', () => '3'],
    ['handshakes', () => '40'],
    ['packets for other namespaces', () => '40/nowhere,'],
    ['events', () => '42["typing"]'],
  ])('of %s cut the line at the policy’s rate, with one event', async (_, packet) => {
    await using chat = await startChat({ sockets: { framesPerSecond: 50 } })
    const client = await enter(chat)
    for (let i = 0; i < 5000; i++) client.frame(packet(i))
    await until(() => client.closed, { what: 'the line to be cut' })
    expect(chat.received.length).toBeLessThanOrEqual(50)
    const floods = chat.emitted.filter(({ event }) => event === 'socket.flood')
    expect(floods.length).toBeLessThanOrEqual(1)
    chat.received.length = 0
    chat.clock.advance(1000)
    await expectUnharmed(chat)
  })

  it('count anew every second, not less', async () => {
    await using chat = await startChat({ sockets: { framesPerSecond: 50 } })
    const socket = chat.open({ extraHeaders: from('ann-1') })
    await settled(socket)
    for (let round = 0; round < 3; round++) {
      chat.clock.advance(1000)
      for (let i = 0; i < 49; i++) socket.emit('typing')
      expect(await socket.emitWithAck('typing')).toBe('ok')
    }
    expect(chat.received.length).toBe(150)
    expect(chat.emitted).toEqual([])
  })

  it('of handshakes end a connection on which nobody was let in', async () => {
    await using chat = await startChat()
    const client = await rawClient(chat.port, { origin: 'https://chat.example' })
    for (let i = 0; i < 21; i++) client.frame(`40/nowhere${i},`)
    await until(() => client.closed, { what: 'the line to be cut' })
    expect(chat.emitted).toMatchObject([{ event: 'socket.flood', details: { reason: 'frames' } }])
  })

  it('of thousands of packets in one polling request', async () => {
    await using chat = await startChat()
    const headers = from('eve-1')
    const url = `${chat.url}/socket.io/?EIO=4&transport=polling`
    const open: { sid: string } = JSON.parse((await (await fetch(url, { headers })).text()).slice(1))
    const post = (body: string) => fetch(`${url}&sid=${open.sid}`, { method: 'POST', headers, body })
    await post('40')
    // The poll that brings the handshake's answer.
    expect(await (await fetch(`${url}&sid=${open.sid}`, { headers })).text()).toContain('40{"sid"')
    const answer = await post(Array(1500).fill('42["typing"]').join('\x1e')).catch(() => 'cut')
    expect(answer === 'cut' || answer).toBeTruthy()
    await until(() => chat.io.engine.clientsCount === 0, { what: 'the connection to be gone' })
    expect(chat.received.length).toBeLessThanOrEqual(200)
    chat.received.length = 0
    await expectUnharmed(chat)
  })
})

describe('payloads made to hurt', () => {
  it('an event name of a megabyte is unknown', async () => {
    await using chat = await startChat({ sockets: { maxFrameBytes: 2_000_000 } })
    const socket = chat.open({ extraHeaders: from('eve-1') })
    await settled(socket)
    expect(await socket.emitWithAck('n'.repeat(1_000_000))).toMatchObject({ code: 'event_unknown' })
    await expectUnharmed(chat)
  })

  it('one so deep that relaying it would end the stack is refused', async () => {
    await using chat = await startChat()
    const client = await enter(chat)
    client.frame(`420["typing",${'['.repeat(9000)}${']'.repeat(9000)}]`)
    await until(() => client.texts.some((text) => text.includes('payload_too_large')), {
      what: 'the refusal',
    })
    client.frame(`451-["typing",${'['.repeat(9000)}${attachment}${']'.repeat(9000)}]`)
    client.frame(Buffer.alloc(1), { opcode: 2 })
    await expectUnharmed(chat)
    client.destroy()
  })

  it('names of prototypes stay data', async () => {
    await using chat = await startChat()
    const client = await enter(chat)
    client.frame('42["typing",{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]')
    await until(() => chat.received.length === 1, { what: 'the event' })
    expect({}).not.toHaveProperty('polluted')
    client.destroy()
  })

  it('attachments count, ten small ones as one large one', async () => {
    await using chat = await startChat()
    const socket = chat.open({ extraHeaders: from('eve-1') })
    await settled(socket)
    const ten = Array.from({ length: 10 }, () => Buffer.alloc(200))
    expect(await socket.emitWithAck('room:message', ...ten)).toBe('ok')
    ten[9] = Buffer.alloc(201)
    expect(await socket.emitWithAck('room:message', ...ten)).toMatchObject({ code: 'payload_too_large' })
  })
})

describe('a client that does not go', () => {
  it('is cut when its session ends, though it answers nothing, and nothing it sends is heard', async () => {
    await using chat = await startChat()
    const client = await enter(chat)
    await chat.revocations.revoke({
      kind: 'session',
      id: 'eve-1',
      cause: 'signed_out',
      forgetAtMs: chat.clock.now() + 1000,
    })
    await until(() => client.texts.some((text) => text.includes('session_ended')), { what: 'the reason' })
    client.frame('42["typing","still here"]')
    await until(() => client.closed, { what: 'the line to be cut' })
    await expectUnharmed(chat)
  })

  it('is cut too when it reads nothing and what it was sent piles up', async () => {
    await using chat = await startChat()
    const client = await enter(chat)
    client.pause()
    const [stuck] = [...chat.io.sockets.sockets.values()]
    const fill = async () => {
      chat.io.emit('news', 'x'.repeat(1_000_000))
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
      return stuck?.conn.transport.writable === false
    }
    await until(fill, { what: 'the line to be full' })
    await chat.revocations.revoke({
      kind: 'session',
      id: 'eve-1',
      cause: 'signed_out',
      forgetAtMs: chat.clock.now() + 1000,
    })
    await until(() => chat.io.engine.clientsCount === 0, { what: 'the connection to be gone' })
    client.destroy()
  })
})
