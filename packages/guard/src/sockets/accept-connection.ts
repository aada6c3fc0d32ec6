// Before a connection exists: where it comes from, which page opened it, how many its address has already.
// A browser sends cookies along with a WebSocket that any page opens, and no CORS rule is asked: a foreign origin is
// refused here, before the upgrade, whatever credential it shows.
import { readSiteOrigins } from '../browser/site-origins.ts'
import type { DecisionReason } from '../decision/reasons.ts'
import { guardError } from '../errors.ts'
import type { Door } from '../kernel/compile-door.ts'
import type { Guard } from '../kernel/create-guard.ts'
import type { Maybe } from '../kernel/identity.ts'
import type { Exchange, OpenPassage } from '../kernel/passage.ts'
import { createRefuse, type Refuse } from '../kernel/refuse.ts'
import type { LimiterVerdict } from '../limits/limiter.ts'
import { compileSockets, type Sockets } from './compile-sockets.ts'
import { type Connection, createConnections } from './connections.ts'

/** The first half of a guarded socket server: everything that needs no application. */
export interface SocketGate {
  readonly guard: Guard
  readonly door: Door
  readonly sockets: Sockets
  /** Whose pages may connect. */
  readonly origins: readonly string[]
  /** Judges a connection request. A refused passage has its decision. Never throws. */
  accept(exchange: Exchange): Maybe<OpenPassage>
  /** An accepted request became a connection. `cut` ends it at once. */
  opened(passage: OpenPassage, cut: () => void): Connection
}

/**
 * Creates the gate of a guard whose policy has sockets.
 * @throws GuardError `bad_socket_policy` when it has none
 */
export function createSocketGate(guard: Guard): SocketGate {
  const policy = guard.policy.sockets
  const door = guard.door(policy?.door ?? '')
  if (policy === undefined || door === undefined) {
    const fix = `Add sockets: { door, events } with one of its doors: ${Object.keys(guard.policy.doors).join(', ')}.`
    throw guardError('bad_socket_policy', `The guard's policy has no door for sockets. ${fix}`)
  }
  const { switches, limiter } = guard
  const { onStoreFailure } = door.rule
  const sockets = compileSockets(policy, onStoreFailure)
  const refuse = refusalsOf(guard)
  const connections = createConnections(sockets, guard)

  return {
    guard,
    door,
    sockets,
    origins: readSiteOrigins(guard.policy).own,
    accept(exchange) {
      // Opening a channel in both directions is no reading, though its request is a GET: the kernel judges it as what
      // it is (RFC 8441 section 4 uses this method).
      const passage = guard.open(door, { ...exchange, method: 'CONNECT' })
      if (passage.decision === undefined) refuseForeign(passage)
      if (passage.decision === undefined) return countConnection(passage)
      return reported(passage)
    },
    opened: connections.open,
  }

  /** Also without a cookie: a page of another site has no business with a token either. */
  function refuseForeign(passage: OpenPassage): void {
    const mode = switches.mode('origin')
    if (mode === 'off') return
    const finding = guard.judgeOrigin(passage.exchange.headers)
    if (finding === 'foreign')
      refuse(passage, mode, 'origin_denied', 'origin.denied', { details: { finding } })
  }

  function countConnection(passage: OpenPassage): Maybe<OpenPassage> {
    const mode = switches.mode('limits')
    if (mode === 'off') return passage
    if (connections.full(passage.client.key)) {
      refuse(passage, mode, 'too_many_connections', undefined)
      if (passage.decision !== undefined) return reported(passage)
    }
    const charges = [{ limit: sockets.connections, subject: passage.client.key }]
    const verdict = limiter.take(charges, onStoreFailure)
    return verdict instanceof Promise
      ? verdict.then((late) => counted(passage, late))
      : counted(passage, verdict)
  }

  function counted(passage: OpenPassage, verdict: LimiterVerdict): OpenPassage {
    if (verdict.allowed) return passage
    const { retryAfterMs, states } = verdict
    if (verdict.failed === 'deny') {
      refuse(passage, switches.mode('limits'), 'limits_unavailable', undefined, { retryAfterMs })
    } else {
      const details = { limit: sockets.connections.name }
      const facts = { limits: states, retryAfterMs, details }
      refuse(passage, switches.mode('limits'), 'rate_limited', 'limit.denied', facts)
    }
    return reported(passage)
  }

  function reported(passage: OpenPassage): OpenPassage {
    const { decision } = passage
    if (decision !== undefined) reportRefused(guard, passage, 'connection', decision.reason)
    return passage
  }
}

/** Refuses as the kernel does: final refusals count against the address. */
export function refusalsOf(guard: Guard): Refuse {
  return createRefuse(guard.events, ({ clientIp }, reason) => guard.strike(clientIp, reason))
}

/** One event for every refused handshake, whatever other protection has reported it too. */
export function reportRefused(
  guard: Guard,
  passage: OpenPassage,
  stage: 'connection' | 'handshake',
  reason: DecisionReason,
): void {
  guard.events.emit({
    event: 'socket.refused',
    requestId: passage.exchange.requestId,
    actorId: passage.actor?.id,
    workspaceId: passage.actor?.workspaceId,
    address: passage.clientIp,
    details: { door: passage.door.name, stage, reason },
  })
}
