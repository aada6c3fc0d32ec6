// Recorded messages, sent again: as they were, under other unsigned headers, from everywhere at once.
import { seededRandom } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { senderNames } from './deliveries-for-tests.ts'
import { setupReceiver } from './receiver-for-tests.ts'

describe('replays', () => {
  it('under a changed unsigned id, event name or any other unsigned header: not handled again', async () => {
    const { receive, delivery, handled } = setupReceiver()
    const recorded = delivery('github')
    expect((await receive(recorded)).outcome).toBe('processed')
    for (const changed of [
      { 'x-github-delivery': '00000000-0000-0000-0000-000000000000' },
      { 'x-github-event': 'push' },
      { 'x-github-hook-id': '1', 'user-agent': 'other', 'content-type': 'text/plain' },
    ]) {
      const headers = { ...recorded.headers, ...changed }
      expect((await receive({ ...recorded, headers })).outcome).toBe('replayed')
    }
    expect(handled).toHaveLength(1)
  })

  it.each(senderNames)('%s: a message recorded in another year is not handled again', async (sender) => {
    const { receive, delivery, handled, clock } = setupReceiver()
    const recorded = delivery(sender)
    await receive(recorded)
    for (const days of [0, 1, 2, 3]) {
      clock.advance(days * 86_400_000)
      expect((await receive(recorded)).outcome).not.toBe('processed')
    }
    expect(handled).toHaveLength(1)
  })

  it('a forged copy before the genuine message does not use it up', async () => {
    const { receive, delivery, handled } = setupReceiver()
    for (const sender of senderNames) {
      const genuine = delivery(sender)
      const headers = Object.fromEntries(Object.keys(genuine.headers).map((name) => [name, 'forged']))
      expect((await receive({ ...genuine, headers })).outcome).toBe('refused')
      expect((await receive(genuine)).outcome).toBe('processed')
    }
    expect(handled).toHaveLength(senderNames.length)
  })
})

describe('races', () => {
  it('100 copies at once are handled once, 50 rounds, handlers fast and slow, failing and not', async () => {
    const random = seededRandom(20_260_105)
    const { receive, delivery } = setupReceiver()
    for (let round = 0; round < 50; round++) {
      const sender = senderNames[Math.floor(random() * senderNames.length)] ?? 'github'
      const body = JSON.stringify({ id: `evt_${round}`, event_id: `Ev${round}`, update_id: round })
      const copy = delivery(sender, { body, id: `msg_${round}` })
      let failures = Math.floor(random() * 3)
      let running = 0
      let succeeded = 0
      const handler = async () => {
        expect(++running).toBe(1)
        for (let turns = Math.floor(random() * 4); turns > 0; turns--) await new Promise(setImmediate)
        running--
        if (failures-- > 0) throw new Error('broken')
        succeeded++
      }
      // Senders repeat what was refused or has failed.
      for (let tries = 0; succeeded === 0 && tries < 5; tries++) {
        await Promise.allSettled(Array.from({ length: 100 }, () => receive(copy, handler)))
      }
      expect(succeeded).toBe(1)
      expect((await receive(copy, handler)).outcome).toBe('replayed')
      expect(succeeded).toBe(1)
    }
  })
})
