import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { noSecurityEvents } from '../events/event-pipeline.ts'
import { switchesFromEnvironment } from '../switches/switches.ts'
import { createWebhookReceiver } from './create-webhook-receiver.ts'
import { policy, secretOf, senderNames, signing, timed } from './deliveries-for-tests.ts'
import { createMemoryReplayStore } from './memory-replay-store.ts'
import { body, setupReceiver } from './receiver-for-tests.ts'
import type { ReplayStore } from './replay-store.ts'

describe.each(senderNames)('a genuine message of %s', (sender) => {
  it('is handled once, with what was proven; its repeat is acknowledged', async () => {
    const { receive, delivery, handled, events, clock } = setupReceiver()
    const first = await receive(delivery(sender))
    expect(first).toMatchObject({
      outcome: 'processed',
      value: 'handled 1',
      decision: { outcome: 'allow', reason: 'allowed', limits: [], clientIp: '198.51.100.7' },
    })
    const [message] = handled
    expect(message?.body.equals(body)).toBe(true)
    expect(message?.trust).toBe(
      sender === 'telegram' ? 'shared-secret' : timed.includes(sender) ? 'signed-and-timed' : 'signed',
    )
    expect(message?.signedAtMs).toBe(timed.includes(sender) ? clock.now() : undefined)
    const ids = { stripe: 'evt_1', slack: 'Ev1', notion: 'evt_1', telegram: '1' } as Record<string, string>
    const standard = sender === 'standard' || sender === 'svix'
    expect(message?.id).toBe(standard ? 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W' : ids[sender])

    expect(events).toEqual([])
    expect(await receive(delivery(sender))).toMatchObject({
      outcome: 'replayed',
      decision: { outcome: 'allow', reason: 'webhook_replayed' },
    })
    expect(handled).toHaveLength(1)
    expect(events).toEqual([
      {
        event: 'webhook.replayed',
        requestId: 'req-1',
        address: '198.51.100.7',
        details: { sender, mode: 'enforce', reason: 'webhook_replayed', trust: message?.trust },
      },
    ])
  })
})

describe('what is remembered', () => {
  it.each(timed)('%s: the id: a repeat with a new time and signature is the same message', async (sender) => {
    const { receive, delivery, clock } = setupReceiver()
    expect((await receive(delivery(sender))).outcome).toBe('processed')
    clock.advance(3_600_000)
    expect((await receive(delivery(sender))).outcome).toBe('replayed')
  })

  it('Notion: the id: a repeat whose attempt_number has grown is the same message', async () => {
    const { receive, delivery } = setupReceiver()
    const attempt = (attempt_number: number) =>
      delivery('notion', { body: JSON.stringify({ id: 'e1', attempt_number }) })
    expect((await receive(attempt(1))).outcome).toBe('processed')
    expect((await receive(attempt(2))).outcome).toBe('replayed')
  })

  it('Slack: two equal commands without an id at different times are two messages', async () => {
    const { receive, delivery, clock } = setupReceiver()
    const command = 'token=x&command=%2Fdeploy&text='
    expect((await receive(delivery('slack', { body: command }))).outcome).toBe('processed')
    expect((await receive(delivery('slack', { body: command }))).outcome).toBe('replayed')
    clock.advance(1_000)
    expect((await receive(delivery('slack', { body: command }))).outcome).toBe('processed')
  })

  it('Telegram: the update; a message without one is refused', async () => {
    const { receive, delivery, events } = setupReceiver()
    const update = (update_id: unknown) => delivery('telegram', { body: JSON.stringify({ update_id }) })
    expect((await receive(update(7))).outcome).toBe('processed')
    expect((await receive(update(8))).outcome).toBe('processed')
    expect((await receive(update(7))).outcome).toBe('replayed')
    for (const odd of [undefined, '7', 7.5, Number.MAX_SAFE_INTEGER + 1, null]) {
      expect((await receive(update(odd))).outcome).toBe('refused')
    }
    expect((await receive(delivery('telegram', { body: 'not JSON' }))).outcome).toBe('refused')
    expect(events.at(-1)?.details?.cause).toBe('id_missing')
  })

  it('odd ids inside a signed body are no ids: the bytes are remembered then', async () => {
    for (const text of [
      '{"id":""}',
      '{"id":5}',
      '{"id":{"a":1}}',
      '[]',
      'null',
      '"text"',
      '{"__proto__":{"id":"x"}}',
    ]) {
      const { receive, delivery, handled } = setupReceiver()
      expect((await receive(delivery('notion', { body: text }))).outcome).toBe('processed')
      expect(handled[0]?.id).toBeUndefined()
      expect((await receive(delivery('notion', { body: text }))).outcome).toBe('replayed')
      expect((await receive(delivery('notion', { body: `${text} ` }))).outcome).toBe('processed')
    }
  })

  it('an id and bytes that look like its entry are two messages', async () => {
    const { receive, delivery } = setupReceiver()
    await receive(delivery('notion', { body: '{"id":"bytes|x"}' }))
    expect((await receive(delivery('notion', { body: 'x' }))).outcome).toBe('processed')
  })

  it('the same id of two senders is two messages', async () => {
    const { receive, delivery } = setupReceiver()
    for (const sender of senderNames) expect((await receive(delivery(sender))).outcome).toBe('processed')
  })

  it('the store sees digests only: no id, nothing of a body', async () => {
    const keys: string[] = []
    const memory = createMemoryReplayStore({ clock: { now: () => 0 } })
    const replayStore: ReplayStore = {
      ...memory,
      claim: (key, leaseMs) => {
        keys.push(key)
        return memory.claim(key, leaseMs)
      },
    }
    const { receive, delivery } = setupReceiver({ replayStore })
    for (const sender of senderNames) await receive(delivery(sender))
    const github = createHash('sha256').update('bytes|').update(body).digest('base64url')
    expect(keys[4]).toBe(`github:${github}`)
    for (const key of keys) expect(key).toMatch(/^[a-z]+:[\w-]{43}$/)
  })

  it('with a signed time for a day, without one for seven, to the millisecond', async () => {
    const day = 86_400_000
    for (const [sender, memoryMs] of [
      ['slack', day],
      ['github', 7 * day],
    ] as const) {
      const { receive, delivery, clock } = setupReceiver()
      await receive(delivery(sender))
      clock.advance(memoryMs - 1)
      expect((await receive(delivery(sender))).outcome).toBe('replayed')
      clock.advance(1)
      expect((await receive(delivery(sender))).outcome).toBe('processed')
    }
  })

  it('the memory of a timed message outlives every moment at which its replay looks fresh', async () => {
    // The shortest memory that a policy may have, and a message signed as far in the future as is accepted.
    const { receive, delivery, clock } = setupReceiver({
      policy: { toleranceMs: 300_000, timedMemoryMs: 660_000 },
    })
    const recorded = delivery('slack', { nowMs: clock.now() + 300_000 })
    expect((await receive(recorded)).outcome).toBe('processed')
    for (let waited = 0; waited <= 700_000; waited += 10_000) {
      expect((await receive(recorded)).outcome).not.toBe('processed')
      clock.advance(10_000)
    }
  })
})

describe('a handler that fails', () => {
  it.each(senderNames)('is called again for the next delivery of %s', async (sender) => {
    const { receive, delivery, handled, clock } = setupReceiver()
    const broken = new Error('broken')
    const fail = () => Promise.reject(broken)
    await expect(receive(delivery(sender), fail)).rejects.toBe(broken)
    await expect(
      receive(delivery(sender), () => {
        throw broken
      }),
    ).rejects.toBe(broken)
    clock.advance(1_000)
    expect((await receive(delivery(sender))).outcome).toBe('processed')
    expect((await receive(delivery(sender))).outcome).toBe('replayed')
    expect(handled).toHaveLength(1)
  })
})

describe('a message that is being processed', () => {
  it('is refused meanwhile with the time to wait, whose end lets another one try', async () => {
    const { receive, delivery, events, clock } = setupReceiver({ policy: { claimLeaseMs: 30_000 } })
    const crashed = receive(delivery('github'), () => new Promise(() => {}))
    clock.advance(10_000)
    expect(await receive(delivery('github'))).toMatchObject({
      outcome: 'refused',
      decision: { outcome: 'deny', reason: 'webhook_in_progress', retryAfterMs: 20_000 },
    })
    expect(events).toMatchObject([{ event: 'webhook.replayed', details: { reason: 'webhook_in_progress' } }])
    clock.advance(20_000)
    expect((await receive(delivery('github'))).outcome).toBe('processed')
    expect(crashed).toBeInstanceOf(Promise)
  })
})

describe('secrets', () => {
  it.each(signing)(
    '%s: old and new are both accepted during the overlap, the old one not after it',
    async (sender) => {
      const start = Date.UTC(2026, 0, 5, 12)
      const [old, next] = [secretOf(sender, 'old'), secretOf(sender, 'new')]
      const list = [
        { secret: next, fromMs: start },
        { secret: old, untilMs: start + 60_000 },
      ]
      const { receive, clock } = setupReceiver({ secrets: { [sender]: list } })
      const { delivery } = setupReceiver()
      let n = 0
      const outcome = async (secret: typeof old) => {
        const body = JSON.stringify({ id: `evt_${++n}`, event_id: `Ev${n}` })
        return (await receive(delivery(sender, { body, secret, id: `msg_${n}`, nowMs: clock.now() }))).outcome
      }
      clock.set(start - 1)
      expect([await outcome(old), await outcome(next)]).toEqual(['processed', 'refused'])
      clock.set(start)
      expect([await outcome(old), await outcome(next)]).toEqual(['processed', 'processed'])
      clock.set(start + 59_999)
      expect([await outcome(old), await outcome(next)]).toEqual(['processed', 'processed'])
      clock.set(start + 60_000)
      expect([await outcome(old), await outcome(next)]).toEqual(['refused', 'processed'])
    },
  )

  it('missing: the door is closed, with one event until it has been open', async () => {
    const start = Date.UTC(2026, 0, 5, 12)
    const secrets = {
      github: [{ secret: secretOf('github'), fromMs: start + 1_000, untilMs: start + 2_000 }],
    }
    const { receive, delivery, events, clock, handled } = setupReceiver({ secrets })
    const names = () => events.map(({ event, details }) => `${event} ${details?.sender}`)
    for (let i = 0; i < 50; i++) {
      expect(await receive(delivery('github'))).toMatchObject({
        outcome: 'refused',
        decision: { outcome: 'deny', reason: 'webhook_closed' },
      })
      await receive(delivery('stripe'))
    }
    expect(names()).toEqual(['webhook.closed github', 'webhook.closed stripe'])
    expect(events[0]?.details).toEqual({
      sender: 'github',
      mode: 'enforce',
      reason: 'webhook_closed',
      cause: 'no_secret',
      open: false,
    })
    clock.advance(1_000)
    expect((await receive(delivery('github'))).outcome).toBe('processed')
    clock.advance(1_000)
    await receive(delivery('github'))
    await receive(delivery('github'))
    expect(names().slice(2)).toEqual(['webhook.closed github'])
    expect(handled).toHaveLength(1)
  })

  it('missing, opened in development: it comes in unverified, and says so', async () => {
    const open = { policy: { withoutSecret: 'open-in-development' }, secrets: {} } as const
    const { receive, delivery, events, handled } = setupReceiver({ ...open, environment: 'development' })
    for (let i = 0; i < 3; i++) {
      expect(await receive(delivery('github'))).toMatchObject({
        outcome: 'processed',
        decision: { outcome: 'degrade', reason: 'webhook_closed' },
      })
    }
    expect(handled.map(({ trust }) => trust)).toEqual(['unverified', 'unverified', 'unverified'])
    expect(events).toMatchObject([{ event: 'webhook.closed', details: { open: true } }])
    expect(() => setupReceiver(open)).toThrow(/webhooks.withoutSecret = "open-in-development": webhook_open/)
    expect(() => setupReceiver({ ...open, environment: 'production' })).toThrow(/webhook_open/)
  })

  it('opened in development, a sender that has a secret is verified all the same', async () => {
    const { receive, delivery } = setupReceiver({
      policy: { withoutSecret: 'open-in-development' },
      environment: 'development',
    })
    const forged = delivery('github', { secret: secretOf('github', 'new') })
    expect(await receive(forged)).toMatchObject({ outcome: 'refused', reason: 'webhook_invalid' })
  })
})

describe('the switch WEBHOOK_VERIFY_ALL', () => {
  it('observe: forged, replayed and concurrent ones are noted and pass', async () => {
    const { receive, delivery, events, handled, switched, store } = setupReceiver()
    switched.mode = 'observe'
    const forged = delivery('github', { secret: secretOf('github', 'new') })
    expect(await receive(forged)).toMatchObject({
      outcome: 'processed',
      decision: { outcome: 'degrade', reason: 'webhook_invalid' },
    })
    expect(handled[0]?.trust).toBe('unverified')
    // A forged message must not make the store believe that the genuine one was processed.
    expect(store.size).toBe(0)
    expect((await receive(delivery('github'))).decision.outcome).toBe('allow')
    expect(await receive(delivery('github'))).toMatchObject({
      outcome: 'processed',
      decision: { outcome: 'degrade', reason: 'webhook_replayed' },
    })
    await receive(delivery('stripe'), async () => {
      expect((await receive(delivery('stripe'))).reason).toBe('webhook_in_progress')
    })
    expect(events.map(({ event, details }) => [event, details?.mode])).toEqual([
      ['webhook.rejected', 'observe'],
      ['webhook.replayed', 'observe'],
      ['webhook.replayed', 'observe'],
    ])
    expect(handled).toHaveLength(4)
  })

  it('observe: a sender without a secret passes too', async () => {
    const { receive, delivery, switched, events } = setupReceiver({ secrets: {} })
    switched.mode = 'observe'
    expect((await receive(delivery('github'))).decision).toMatchObject({
      outcome: 'degrade',
      reason: 'webhook_closed',
    })
    expect(events).toMatchObject([{ event: 'webhook.closed', details: { mode: 'observe' } }])
  })

  it('off: nothing is looked at, nothing remembered', async () => {
    const { receive, delivery, events, handled, switched, store } = setupReceiver()
    switched.mode = 'off'
    for (let i = 0; i < 2; i++) {
      const forged = delivery('github', { secret: secretOf('github', 'new') })
      expect(await receive(forged)).toMatchObject({ outcome: 'processed', decision: { outcome: 'allow' } })
    }
    expect(await receive({ sender: 'github', headers: {}, rawBody: 'text' })).toMatchObject({
      outcome: 'processed',
    })
    expect(handled.map(({ trust, body }) => [trust, body.length > 0])).toEqual([
      ['unverified', true],
      ['unverified', true],
      ['unverified', false],
    ])
    expect([events, store.size]).toEqual([[], 0])
  })

  it('comes from the environment', async () => {
    for (const [value, outcome] of [
      ['false', 'processed'],
      ['observe', 'processed'],
      ['true', 'refused'],
    ]) {
      const { receive, delivery } = setupReceiver({
        switches: switchesFromEnvironment({ WEBHOOK_VERIFY_ALL: value }),
      })
      const forged = delivery('github', { secret: secretOf('github', 'new') })
      expect((await receive(forged)).outcome).toBe(outcome)
    }
  })
})

describe('a replay store that fails', () => {
  function failing(broken: ReadonlySet<string>, how: 'reject' | 'hang' | 'throw' = 'reject') {
    const memory = createMemoryReplayStore({ clock: { now: () => 0 } })
    const failure = (): Promise<never> => {
      if (how === 'throw') throw new Error('down')
      return how === 'hang' ? new Promise(() => {}) : Promise.reject(new Error('down'))
    }
    const replayStore: ReplayStore = {
      claim: (key, leaseMs) => (broken.has('claim') ? failure() : memory.claim(key, leaseMs)),
      commit: (key, rememberMs) => (broken.has('commit') ? failure() : memory.commit(key, rememberMs)),
      release: (key, token) => (broken.has('release') ? failure() : memory.release(key, token)),
    }
    return replayStore
  }

  it.each(['reject', 'hang', 'throw'] as const)(
    'to claim (%s): nothing is handled, the sender is asked to repeat; one event per change of state',
    async (how) => {
      const broken = new Set(['claim'])
      const { receive, delivery, events, handled } = setupReceiver({
        replayStore: failing(broken, how),
        storePatienceMs: 5,
      })
      for (let i = 0; i < 3; i++) {
        expect(await receive(delivery('github'))).toMatchObject({
          outcome: 'refused',
          decision: { outcome: 'deny', reason: 'webhook_unavailable', retryAfterMs: 1_000 },
        })
      }
      expect(handled).toEqual([])
      broken.clear()
      expect((await receive(delivery('github'))).outcome).toBe('processed')
      expect(events.map(({ event, details }) => [event, details?.step])).toEqual([
        ['webhook.store_failed', 'claim'],
        ['webhook.store_recovered', undefined],
      ])
    },
  )

  it('to claim while observed: the message passes', async () => {
    const { receive, delivery, switched } = setupReceiver({ replayStore: failing(new Set(['claim'])) })
    switched.mode = 'observe'
    expect(await receive(delivery('github'))).toMatchObject({
      outcome: 'processed',
      decision: { outcome: 'degrade', reason: 'webhook_unavailable' },
    })
  })

  it('to commit: the work is done, so the sender is told so; the event says what was not remembered', async () => {
    const { receive, delivery, events } = setupReceiver({ replayStore: failing(new Set(['commit'])) })
    expect(await receive(delivery('github'))).toMatchObject({
      outcome: 'processed',
      value: 'handled 1',
      decision: { outcome: 'degrade', reason: 'webhook_unavailable' },
    })
    expect(events).toMatchObject([{ event: 'webhook.store_failed', details: { step: 'commit' } }])
    // Until the lease ends the claim still stands in a replay's way.
    expect((await receive(delivery('github'))).reason).toBe('webhook_in_progress')
  })

  it('to release: the handler’s own error is the one that is thrown', async () => {
    const { receive, delivery, events } = setupReceiver({ replayStore: failing(new Set(['release'])) })
    const broken = new Error('broken')
    await expect(receive(delivery('github'), () => Promise.reject(broken))).rejects.toBe(broken)
    expect(events).toMatchObject([{ event: 'webhook.store_failed', details: { step: 'release' } }])
  })
})

it('without clock, events and switches it uses the real ones and enforces', async () => {
  const receiver = createWebhookReceiver({
    policy: { senders: { github: { provider: 'github' } } },
    secrets: { github: [{ secret: secretOf('github') }] },
    replayStore: createMemoryReplayStore({ clock: { now: Date.now } }),
  })
  const { delivery } = setupReceiver()
  const { headers, rawBody } = delivery('github')
  const given = { sender: 'github', headers, rawBody } as const
  expect(await receiver.receive(given, () => 1)).toEqual({
    outcome: 'processed',
    value: 1,
    decision: { outcome: 'allow', reason: 'allowed', limits: [], clientIp: '' },
  })
  expect((await receiver.receive({ ...given, headers: {} }, () => 1)).outcome).toBe('refused')
  expect(receiver.maxBodyBytes('github')).toBe(1_048_576)
  expect(noSecurityEvents.state()).toEqual({})
  expect(Object.keys(policy.senders)).toContain('github')
})
