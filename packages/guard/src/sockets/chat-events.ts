// Throttles for what people do in a chat, per user and again per socket.
import type { SocketEventRule, SocketThrottle } from './socket-policy.ts'

const both = (quota: number, windowMs: number) => {
  const throttle: SocketThrottle = { quota, windowMs }
  return { perUser: throttle, perSocket: throttle } as const satisfies SocketEventRule
}

/**
 * Defaults by purpose; the application gives them their event names.
 * @example
 * events: { 'room:message': chatEvents.roomMessage, 'voice:invite': chatEvents.voiceInvite }
 */
export const chatEvents = {
  roomMessage: both(10, 10_000),
  directMessage: both(10, 10_000),
  peerOffer: both(5, 30_000),
  voiceInvite: both(3, 60_000),
} as const satisfies Record<string, SocketEventRule>
