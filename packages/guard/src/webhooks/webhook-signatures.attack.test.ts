// Forged, changed, aged and odd deliveries: whatever is done to what a sender signed, it is refused, in bounded work.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  policy,
  provenHeaders,
  type SenderName,
  secretOf,
  senderNames,
  signedHeaders,
  signing,
  timed,
} from './deliveries-for-tests.ts'
import { isWebhookId } from './read-claim.ts'
import { setupReceiver, body as usualBody } from './receiver-for-tests.ts'

const seed = 20_260_105

describe.each(signing)('%s', (sender) => {
  it('any flipped byte of any body fails, invalid UTF-8 included', async () => {
    const { receive, handled, clock } = setupReceiver()
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (body, position, flip) => {
          const headers = signedHeaders(sender, { body, nowMs: clock.now() })
          const changed = Uint8Array.from(body)
          const at = position % body.length
          changed[at] = (changed[at] ?? 0) ^ flip
          const before = handled.length
          expect(await receive({ sender, headers, rawBody: changed })).toMatchObject({
            outcome: 'refused',
            reason: 'webhook_invalid',
          })
          expect(handled.length).toBe(before)
          // The unchanged message is not spoilt by the forged one.
          expect(['processed', 'replayed']).toContain(
            (await receive({ sender, headers, rawBody: body })).outcome,
          )
        },
      ),
      { seed, numRuns: 150 },
    )
  })

  it('bodies that are one text after decoding are still two messages', async () => {
    const { receive, clock } = setupReceiver()
    // Both decode to U+FFFD: a verifier of text takes one for the other.
    const body = Buffer.from([0x22, 0xff, 0x22])
    const headers = signedHeaders(sender, { body, nowMs: clock.now() })
    const other = Buffer.from([0x22, 0xfe, 0x22])
    expect((await receive({ sender, headers, rawBody: other })).outcome).toBe('refused')
    expect((await receive({ sender, headers, rawBody: body })).outcome).toBe('processed')
  })
})

describe.each(senderNames)('%s', (sender) => {
  it('any flipped bit of any proven header fails, at every position', async () => {
    const { receive, delivery, handled } = setupReceiver()
    const { headers, rawBody } = delivery(sender)
    for (const name of provenHeaders[sender]) {
      const value = headers[name] ?? ''
      for (let i = 0; i < value.length; i++) {
        for (let bit = 0; bit < 8; bit++) {
          const changed = String.fromCharCode(value.charCodeAt(i) ^ (1 << bit))
          const forged = { ...headers, [name]: value.slice(0, i) + changed + value.slice(i + 1) }
          const { reason } = await receive({ sender, headers: forged, rawBody })
          expect([name, i, bit, reason]).toEqual([name, i, bit, 'webhook_invalid'])
        }
      }
    }
    expect(handled).toEqual([])
    expect((await receive({ sender, headers, rawBody })).outcome).toBe('processed')
  })

  it('cut, longer, empty, missing, repeated and enormous headers fail', async () => {
    const { receive, delivery, events, handled } = setupReceiver()
    const { headers, rawBody } = delivery(sender)
    for (const name of provenHeaders[sender]) {
      const value = headers[name] ?? ''
      const odd = [
        undefined,
        '',
        value.slice(1),
        value.slice(0, -1),
        `${value}0`,
        ` ${value}`,
        [value],
        [value, value],
        `${value}, ${value}`,
        value.repeat(100),
        'x'.repeat(1_000_000),
        `${value}\u0000`,
        42,
        null,
        {},
      ]
      for (const text of odd) {
        const outcome = (await receive({ sender, headers: { ...headers, [name]: text }, rawBody })).outcome
        expect([name, text, outcome]).toEqual([name, text, 'refused'])
      }
    }
    expect(handled).toEqual([])
    expect(events.every(({ event }) => event === 'webhook.rejected')).toBe(true)
  })

  it('another sender’s secret fails, and so does another sender’s message', async () => {
    const { receive, delivery } = setupReceiver()
    for (const other of senderNames.filter((name) => name !== sender)) {
      const { rawBody } = delivery(sender)
      const headers = delivery(other).headers
      expect((await receive({ sender, headers, rawBody })).outcome).toBe('refused')
    }
  })

  it('a body that is not raw bytes fails, and nothing throws', async () => {
    const { receive, delivery, events } = setupReceiver()
    const { headers } = delivery(sender)
    for (const rawBody of [
      undefined,
      null,
      '{}',
      JSON.parse(usualBody.toString()),
      [1, 2],
      new ArrayBuffer(8),
    ]) {
      expect((await receive({ sender, headers, rawBody })).outcome).toBe('refused')
    }
    expect(events.map(({ details }) => details?.cause)).toEqual(Array(6).fill('body_not_raw'))
  })
})

describe.each(timed)('%s: signed time', (sender) => {
  it.each([
    [0, 'processed', undefined],
    [300_000, 'processed', undefined],
    [300_001, 'refused', 'too_old'],
    [301_000, 'refused', 'too_old'],
    [86_400_000, 'refused', 'too_old'],
    [-300_000, 'processed', undefined],
    [-300_001, 'refused', 'too_new'],
    [-301_000, 'refused', 'too_new'],
    [-86_400_000, 'refused', 'too_new'],
  ])('received %d ms after it: %s', async (offset, outcome, cause) => {
    const { receive, delivery, clock, events } = setupReceiver()
    const signed = delivery(sender)
    clock.set(clock.now() + offset)
    expect((await receive(signed)).outcome).toBe(outcome)
    expect(events[0]?.details?.cause).toBe(cause)
  })

  it.each(['0', '-1', '1e9', '0x5f', ' 1767614400', '1767614400.5', '01767614400', '17676144000000', 'NaN'])(
    'the time %j is refused before anything is computed',
    async (time) => {
      const { receive, delivery, events } = setupReceiver()
      const { headers, rawBody } = delivery(sender)
      const name = { stripe: 'stripe-signature', slack: 'x-slack-request-timestamp', svix: 'svix-timestamp' }[
        sender as string
      ]
      const header = name ?? 'webhook-timestamp'
      const value = sender === 'stripe' ? (headers[header] ?? '').replace(/^t=\d+/, `t=${time}`) : time
      await receive({ sender, headers: { ...headers, [header]: value }, rawBody })
      expect(events[0]?.details?.cause).toBe('timestamp_bad')
    },
  )
})

describe('what headers cannot do', () => {
  it('a second time in a Stripe header is refused: two readers could each believe another', async () => {
    const { receive, delivery, events } = setupReceiver()
    const { headers, rawBody } = delivery('stripe')
    for (const header of [`${headers['stripe-signature']},t=1`, `t=1,${headers['stripe-signature']}`]) {
      await receive({ sender: 'stripe', headers: { 'stripe-signature': header }, rawBody })
    }
    expect(events.map(({ details }) => details?.cause)).toEqual(['timestamp_bad', 'timestamp_bad'])
  })

  it.each([
    ['stripe', 'stripe-signature', ','],
    ['standard', 'webhook-signature', ' '],
  ] as const)(
    'of a flood of signatures only the first few are read (%s)',
    async (sender, name, separator) => {
      const { receive, delivery } = setupReceiver()
      const { headers, rawBody } = delivery(sender)
      const value = headers[name] ?? ''
      const [time = '', genuine = ''] = sender === 'stripe' ? value.split(',') : ['', value]
      const forged = sender === 'stripe' ? `v1=${'0'.repeat(64)}` : `v1,${'A'.repeat(43)}=`
      const list = (wrong: number) =>
        [time, ...Array(wrong).fill(forged), genuine].filter(Boolean).join(separator)
      const early = { ...headers, [name]: list(10) }
      expect((await receive({ sender, headers: early, rawBody })).outcome).toBe('processed')
      const late = { ...headers, [name]: list(20) }
      expect((await receive({ sender, headers: late, rawBody })).outcome).toBe('refused')
    },
  )

  it.each(senderNames)('a header over 4,096 characters is not even read (%s)', async (sender) => {
    const { receive, delivery, events } = setupReceiver()
    const { headers, rawBody } = delivery(sender)
    const [name = ''] = provenHeaders[sender]
    for (const length of [4_096, 4_097]) {
      await receive({ sender, headers: { ...headers, [name]: 'x'.repeat(length) }, rawBody })
    }
    const [atLimit, over] = events.map(({ details }) => details?.cause)
    expect(atLimit).not.toBe('header_too_long')
    expect(over).toBe('header_too_long')
  })

  it('hostile headers cost no more than an ordinary forgery', async () => {
    const { receive } = setupReceiver()
    const forged = (header: string) => ({
      sender: 'stripe',
      headers: { 'stripe-signature': header },
      rawBody: Buffer.alloc(100),
    })
    const cost = async (header: string) => {
      const before = process.cpuUsage()
      for (let i = 0; i < 300; i++) await receive(forged(header))
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await cost('t=1767614400,v1=x')
    const usual = await cost(`t=1767614400,v1=${'0'.repeat(64)}`)
    // Ten megabytes of signatures: anything that read them would take a thousand times as long.
    expect(await cost(`t=1767614400,${`v1=${'0'.repeat(64)},`.repeat(150_000)}`)).toBeLessThan(
      20 * usual + 50_000,
    )
  })

  it('an unknown sender is refused and its name, which may be anybody’s text, reaches no event', async () => {
    const { receive, events } = setupReceiver()
    for (const sender of ['nobody', '__proto__', 'constructor', '']) {
      expect((await receive({ sender, headers: {}, rawBody: usualBody })).outcome).toBe('refused')
    }
    expect(events.map(({ details }) => [details?.sender, details?.cause])).toEqual(
      Array(4).fill(['unknown', 'sender_unknown']),
    )
  })

  it('the first set of header names that is there counts; mixing two is refused', async () => {
    const { receive, delivery, events } = setupReceiver()
    const standard = delivery('standard')
    const { 'webhook-id': id = '', ...rest } = standard.headers
    await receive({ ...standard, headers: { ...rest, 'svix-id': id } })
    expect(events[0]?.details?.cause).toBe('header_missing')
    // Somebody else's second set beside a complete first one changes nothing.
    const both = { ...standard.headers, 'svix-id': 'x', 'svix-signature': 'y' }
    expect((await receive({ ...standard, headers: both })).outcome).toBe('processed')
  })

  it('no event and no answer holds a secret, a signature or a body', async () => {
    const { receive, delivery, events } = setupReceiver()
    const answers: unknown[] = []
    for (const sender of senderNames) {
      const { headers } = delivery(sender, { secret: secretOf(sender, 'new') })
      answers.push(await receive({ sender, headers, rawBody: usualBody }))
    }
    const text = JSON.stringify([events, answers])
    for (const sender of senderNames) {
      for (const value of Object.values(delivery(sender, { secret: secretOf(sender, 'new') }).headers)) {
        if (value.length > 20) expect(text).not.toContain(value)
      }
      expect(text).not.toContain(secretOf(sender).reveal())
    }
    expect(text).not.toContain('invoice.paid')
    expect(events).toHaveLength(senderNames.length)
  })
})

describe('the size of a body', () => {
  it('the limit passes, one byte more is refused before anything is hashed', async () => {
    const { receive, delivery, events } = setupReceiver({
      policy: { senders: { ...policy.senders, github: { provider: 'github', maxBodyBytes: 1_000 } } },
    })
    const fits = delivery('github', { body: Buffer.alloc(1_000, 32) })
    expect((await receive(fits)).outcome).toBe('processed')
    const over = delivery('github', { body: Buffer.alloc(1_001, 32) })
    expect(await receive(over)).toMatchObject({ outcome: 'refused', reason: 'payload_too_large' })
    expect(events[0]?.details).toMatchObject({ cause: 'body_too_large', sender: 'github' })
  })
})

describe('ids with dots', () => {
  it.each([
    ['msg_2KWPBgLlAfxdpx2AI54pPJ85f4W', true],
    ['0190f3c4-0000-7000-8000-000000000000', true],
    ['evt.order.created.a1', true],
    ['12345', true],
    ['12345.a', true],
    ['a.1b', true],
    ['a..b', true],
    ['a.', true],
    ['a.1', false],
    ['a.1.b', false],
    ['a.1767614400', false],
    ['a.007.b', false],
    ['', false],
    ['two words', false],
    ['tab\t', false],
    ['line\n', false],
    ['ü', false],
    ['x'.repeat(257), false],
  ])('%j: %s', (id, accepted) => {
    expect(isWebhookId(id)).toBe(accepted)
  })

  it('no signed text has two readings, wherever somebody moves the dots', () => {
    const piece = fc.constantFrom('a', 'b1', '1', '17', '007', '', '{"x":1}', '1767614400')
    fc.assert(
      fc.property(fc.array(piece, { minLength: 3, maxLength: 12 }), (pieces) => {
        const readings: number[] = []
        for (let first = 1; first < pieces.length - 1; first++) {
          const id = pieces.slice(0, first).join('.')
          if (isWebhookId(id) && /^[1-9]\d{0,11}$/.test(pieces[first] ?? '')) readings.push(first)
        }
        expect(readings.length).toBeLessThanOrEqual(1)
      }),
      { seed, numRuns: 2_000 },
    )
  })

  it('a sender’s dotted id verifies and is what is remembered', async () => {
    const { receive, delivery, clock } = setupReceiver()
    const first = delivery('standard', { id: 'evt.order.created.a1' })
    expect((await receive(first)).outcome).toBe('processed')
    clock.advance(60_000)
    const repeat = delivery('standard', { id: 'evt.order.created.a1' })
    expect(repeat.headers).not.toEqual(first.headers)
    expect((await receive(repeat)).outcome).toBe('replayed')
  })
})

it('the names in these tests cover every sender of the policy', () => {
  expect(Object.keys(policy.senders).toSorted()).toEqual([...senderNames].toSorted())
  const names: readonly SenderName[] = Object.keys(provenHeaders) as SenderName[] // the record's own keys
  expect(names.toSorted()).toEqual([...senderNames].toSorted())
})
