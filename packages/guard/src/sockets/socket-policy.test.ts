import { describe, expect, it } from 'vitest'
import { chatEvents } from './chat-events.ts'
import { checkSocketPolicy, type SocketEventRule, type SocketPolicy } from './socket-policy.ts'

const rule: SocketEventRule = { perUser: { quota: 1, windowMs: 1000 } }
const good: SocketPolicy = { door: 'socket', events: { 'room:message': chatEvents.roomMessage } }
const found = (policy: SocketPolicy) =>
  checkSocketPolicy(policy, 'sockets', { socket: {} }).map(({ code, path }) => `${code} ${path}`)

describe('the sockets of a policy', () => {
  it('may be as the defaults of a chat', () => {
    expect(found({ ...good, events: { ...chatEvents } })).toEqual([])
    expect(chatEvents).toEqual({
      roomMessage: { perUser: { quota: 10, windowMs: 10_000 }, perSocket: { quota: 10, windowMs: 10_000 } },
      directMessage: { perUser: { quota: 10, windowMs: 10_000 }, perSocket: { quota: 10, windowMs: 10_000 } },
      peerOffer: { perUser: { quota: 5, windowMs: 30_000 }, perSocket: { quota: 5, windowMs: 30_000 } },
      voiceInvite: { perUser: { quota: 3, windowMs: 60_000 }, perSocket: { quota: 3, windowMs: 60_000 } },
    })
  })

  it.each<[string, Partial<SocketPolicy>]>([
    ['socket_door sockets.door', { door: '' }],
    ['socket_door sockets.door', { door: 'none-such' }],
    ['socket_door sockets.door', { door: 'toString' }],
    ['socket_events sockets.events', { events: {} }],
    ['socket_number sockets.maxFrameBytes', { maxFrameBytes: 0 }],
    ['socket_number sockets.framesPerSecond', { framesPerSecond: 0.5 }],
    ['socket_number sockets.connections.quota', { connections: { quota: -1, windowMs: 1 } }],
    ['socket_number sockets.connections.windowMs', { connections: { quota: 1, windowMs: Number.NaN } }],
    ['socket_number sockets.openPerAddress', { openPerAddress: Number.POSITIVE_INFINITY }],
    ['socket_number sockets.openPerUser', { openPerUser: -5 }],
    ['socket_number sockets.floods.quota', { floods: { quota: 0, windowMs: 1 } }],
    ['socket_number sockets.checkEveryMs', { checkEveryMs: 0 }],
    ['socket_event_reserved sockets.events.connect', { events: { connect: rule } }],
    ['socket_event_reserved sockets.events.disconnecting', { events: { disconnecting: rule } }],
    ['socket_event_reserved sockets.events.error', { events: { error: rule } }],
    ['socket_event_reserved sockets.events.__proto__', { events: { ['__proto__']: rule } }],
    ['socket_event_name sockets.events.', { events: { '': rule } }],
    ['socket_event_name sockets.events.a"b', { events: { 'a"b': rule } }],
    ['socket_event_name sockets.events.a\nb', { events: { 'a\nb': rule } }],
    [`socket_event_name sockets.events.${'x'.repeat(65)}`, { events: { ['x'.repeat(65)]: rule } }],
    [
      'socket_number sockets.events.a.perUser.quota',
      { events: { a: { perUser: { quota: 0, windowMs: 1 } } } },
    ],
    [
      'socket_number sockets.events.a.perSocket.windowMs',
      { events: { a: { perSocket: { quota: 1, windowMs: 0 } } } },
    ],
    ['socket_number sockets.events.a.maxBytes', { events: { a: { ...rule, maxBytes: 0 } } }],
    ['socket_event_bytes sockets.events.a.maxBytes', { events: { a: { ...rule, maxBytes: 131_073 } } }],
    ['socket_event_unlimited sockets.events.a', { events: { a: {} } }],
    ['socket_event_unlimited sockets.events.a', { events: { a: { unlimited: '' } } }],
    ['socket_event_contradiction sockets.events.a', { events: { a: { ...rule, unlimited: 'why' } } }],
  ])('are refused: %s', (problem, change) => {
    expect(found({ ...good, ...change })).toEqual([problem])
  })

  it('every problem at once, each with a fix', () => {
    const problems = checkSocketPolicy(
      { door: '', events: { a: {}, connect: {} }, openPerUser: 0 },
      'sockets',
      { socket: {} },
    )
    expect(problems.length).toBe(5)
    for (const { fix } of problems) expect(fix).toMatch(/\.$/)
  })
})
