// One event on its way from a client to its handler: does the policy know it, does it fit, is it within its throttles.
// Written for hostile input: constant work for a refusal, one event per kind of refusal and window, never a throw.
import type { Decision } from '../decision/decision.ts'
import type { Guard } from '../kernel/create-guard.ts'
import type { Maybe } from '../kernel/identity.ts'
import type { OpenPassage } from '../kernel/passage.ts'
import type { LimitState } from '../limits/limit.ts'
import type { LimiterVerdict } from '../limits/limiter.ts'
import type { SocketEvent, Sockets } from './compile-sockets.ts'
import { createFloodWatch } from './flood-watch.ts'
import { payloadFits } from './measure-payload.ts'

/** A refused event. `cut`: the socket has been refused too often and must be disconnected. */
export interface EventRefusal {
  readonly decision: Decision
  /** The event's name, if the policy knows it. */
  readonly event: string | undefined
  readonly cut: boolean
}

/** Judges a decoded packet (name, arguments, perhaps an acknowledgement). `undefined`: it may pass. */
export type JudgeEvent = (packet: readonly unknown[]) => Maybe<EventRefusal | undefined>

type RefusedFor = 'event_unknown' | 'payload_too_large' | 'rate_limited' | 'limits_unavailable'

/** No name of the policy is longer: a name of a megabyte is not even hashed. */
const longestName = 64

/** Creates the judge of one socket. */
export function createEventJudge(
  guard: Guard,
  sockets: Sockets,
  passage: OpenPassage,
  who: { readonly id: string; readonly userKey: string },
): JudgeEvent {
  const { switches, limiter, events, clock } = guard
  const floods = createFloodWatch(sockets.floods, clock)
  return (packet) => {
    const [name, ...values] = packet
    const event =
      typeof name === 'string' && name.length <= longestName ? sockets.events.get(name) : undefined
    if (event === undefined) return refuse('event_unknown', undefined)
    if (!payloadFits(values, event.maxBytes)) return refuse('payload_too_large', event)
    if (switches.mode('limits') === 'off') return undefined
    const charges = event.charges(who.userKey, who.id)
    if (charges.length === 0) return undefined
    const verdict = limiter.take(charges, event.onStoreFailure)
    return verdict instanceof Promise ? verdict.then((late) => charged(event, late)) : charged(event, verdict)
  }

  function charged(event: SocketEvent, verdict: LimiterVerdict): EventRefusal | undefined {
    if (verdict.allowed) return undefined
    const reason = verdict.failed === 'deny' ? 'limits_unavailable' : 'rate_limited'
    const refusal = refuse(reason, event, verdict)
    return switches.mode('limits') === 'observe' ? undefined : refusal
  }

  function refuse(
    reason: RefusedFor,
    event: SocketEvent | undefined,
    verdict?: LimiterVerdict,
  ): EventRefusal {
    // A store that fails is not the client's doing.
    const cut = reason !== 'limits_unavailable' && noteFlood(reason, event)
    return {
      event: event?.name,
      cut,
      decision: {
        outcome: 'deny',
        reason,
        limits: verdict?.states ?? noLimits,
        clientIp: passage.clientIp,
        ...(verdict === undefined ? {} : { retryAfterMs: verdict.retryAfterMs }),
        ...(passage.actor === undefined ? {} : { actor: passage.actor }),
      },
    }
  }

  function noteFlood(reason: RefusedFor, event: SocketEvent | undefined): boolean {
    const { first, cut, refusals } = floods.note(`${reason} ${event?.name ?? ''}`)
    const limited = reason === 'rate_limited'
    const mode = limited ? switches.mode('limits') : 'enforce'
    const details = { door: passage.door.name, reason, mode, stage: 'event', ...named(event) }
    if (first) report(limited ? 'limit.denied' : 'socket.refused', details)
    if (!cut || mode !== 'enforce') return false
    report('socket.flood', { ...details, refusals })
    guard.strike(passage.clientIp, reason)
    return true
  }

  function report(
    name: 'limit.denied' | 'socket.refused' | 'socket.flood',
    details: Record<string, string | number>,
  ): void {
    events.emit({
      event: name,
      requestId: passage.exchange.requestId,
      actorId: passage.actor?.id,
      workspaceId: passage.actor?.workspaceId,
      address: passage.clientIp,
      details,
    })
  }
}

/** What a client calls an unknown event may hold anything: only names of the policy are reported. */
function named(event: SocketEvent | undefined): { readonly name?: string } {
  return event === undefined ? {} : { name: event.name }
}

const noLimits: readonly LimitState[] = []
