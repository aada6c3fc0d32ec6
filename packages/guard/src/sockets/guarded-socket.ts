// The life of one socket that passed its door: from its first look at its session to its end, whoever ends it.
import type { Decision } from '../decision/decision.ts'
import type { Actor } from '../kernel/identity.ts'
import type { OpenPassage } from '../kernel/passage.ts'
import { required } from '../kernel/refuse.ts'
import { refusalsOf, type SocketGate } from './accept-connection.ts'
import type { Connection } from './connections.ts'
import { createEventJudge, type EventRefusal } from './judge-event.ts'
import { holderOf, type LiveSocket, type LiveSockets } from './live-sockets.ts'
import type { SessionTruth } from './session-truth.ts'
import { renderSocketRefusal, type SocketRefusal } from './socket-refusal.ts'

/** How the library's adapter reaches one client. */
export interface SocketLink {
  /** The library's name for this socket, unique over all processes. */
  readonly id: string
  /** Tells the client why, then ends its whole connection, even if the client does not answer. */
  end(refusal: SocketRefusal): void
}

/** A socket that was let in. */
export interface GuardedSocket {
  readonly actor: Actor | undefined
  /**
   * Judges a decoded packet: its name, its arguments, perhaps an acknowledgement. Then either `pass` is called, or
   * `answer` with the reason, or the socket is ended. Never throws.
   */
  receive(packet: readonly unknown[], pass: () => void, answer: (refusal: SocketRefusal) => void): void
  /** To be called when it has closed. */
  closed(): void
}

/** What a socket is made of. */
interface GuardedSocketParts {
  readonly gate: SocketGate
  readonly live: LiveSockets
  readonly truth: SessionTruth
  readonly connection: Connection
  readonly passage: OpenPassage
  readonly link: SocketLink
}

/** Opens it. `settled` tells whether its session lives: a decision means that it must not come in. */
export function openGuardedSocket(
  parts: GuardedSocketParts,
): GuardedSocket & { readonly settled: Promise<Decision | undefined> } {
  const { gate, live, truth, connection, passage, link } = parts
  const { guard, sockets } = gate
  const { actor } = passage
  const userKey = userKeyOf(passage)
  const judge = createEventJudge(guard, sockets, passage, { id: link.id, userKey })
  const refuse = refusalsOf(guard)
  let state: 'new' | 'open' | 'closed' = 'new'
  let ended: Decision | undefined
  let forget = () => {}

  const entry: LiveSocket = {
    userKey,
    holder: actor === undefined ? undefined : holderOf(actor, guard.clock.now()),
    end(reason, cause) {
      if (ended !== undefined || state === 'closed') return
      ended = required(refuse(passage, 'enforce', reason, undefined))
      if (state === 'new') return
      report(reason, cause)
      end(ended)
    },
  }
  // In this order the bus can reach it before the first look: what ended before is found, what ends later is told.
  live.add(entry)
  const watch = truth.watch(entry)
  forget = connection.onClosed(closed)
  return { actor, receive, closed, settled: settle() }

  async function settle(): Promise<Decision | undefined> {
    await watch.look()
    if (ended !== undefined) closed()
    if (state === 'new') {
      state = 'open'
      connection.admitted()
    }
    return ended
  }

  function receive(
    packet: readonly unknown[],
    pass: () => void,
    answer: (refusal: SocketRefusal) => void,
  ): void {
    if (state !== 'open') return
    const verdict = judge(packet)
    if (verdict instanceof Promise) void verdict.then((late) => act(late, pass, answer))
    else act(verdict, pass, answer)
  }

  function act(
    refusal: EventRefusal | undefined,
    pass: () => void,
    answer: (refusal: SocketRefusal) => void,
  ): void {
    // It may have ended while the store was asked.
    if (state !== 'open') return
    if (refusal === undefined) pass()
    else if (refusal.cut) end(refusal.decision, refusal.event)
    else answer(renderSocketRefusal(refusal.decision, refusal.event))
  }

  function end(decision: Decision, event?: string): void {
    closed()
    link.end(renderSocketRefusal(decision, event))
  }

  function closed(): void {
    if (state === 'closed') return
    state = 'closed'
    live.remove(entry)
    watch.stop()
    forget()
  }

  function report(reason: string, cause: string): void {
    guard.events.emit({
      event: 'socket.ended',
      requestId: passage.exchange.requestId,
      actorId: actor?.id,
      workspaceId: actor?.workspaceId,
      address: passage.clientIp,
      details: { door: passage.door.name, reason, cause },
    })
  }
}

/** Whom a socket's throttles count: its user, or the address of somebody unknown. */
export function userKeyOf({ actor, client }: OpenPassage): string {
  return actor === undefined ? `address:${client.key}` : `user:${actor.accountId ?? actor.id}`
}
