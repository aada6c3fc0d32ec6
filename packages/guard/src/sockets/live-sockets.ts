// Who is connected in this process: by user, to bound how many, and by everything that can be ended, so that a
// revocation finds its sockets without looking at all of them.
import type { Actor } from '../kernel/identity.ts'
import { voids } from '../tokens/revocation/revocation-rules.ts'
import type { Revocation, RevocationKind, RevocationSubject } from '../tokens/revocation/revocations.ts'

/** One socket that was let in, or is about to be. */
export interface LiveSocket {
  readonly userKey: string
  /** Unknown callers have none, and so no session that could end. */
  readonly holder: SessionHolder | undefined
  /** Ends it: nothing it sends is passed on any more. */
  end(reason: 'session_ended' | 'limits_unavailable', cause: string): void
}

/** Whose session a socket hangs on, and by which ids that can be ended. */
export interface SessionHolder {
  readonly actor: Actor
  readonly subject: RevocationSubject
}

/** The sockets of this process. */
export interface LiveSockets {
  add(socket: LiveSocket): void
  remove(socket: LiveSocket): void
  countOf(userKey: string): number
  /** Sockets whose credential a revocation voids. */
  voidedBy(revocation: Revocation): LiveSocket[]
}

/** What a socket's session hangs on. A single token is not among it: a socket outlives its access token. */
const kinds = ['session', 'family', 'user', 'key'] as const satisfies readonly RevocationKind[]

/** Creates an empty register. */
export function createLiveSockets(): LiveSockets {
  const byKey = new Map<string, Set<LiveSocket>>()
  return {
    add(socket) {
      for (const key of keysOf(socket)) {
        const known = byKey.get(key)
        if (known === undefined) byKey.set(key, new Set([socket]))
        else known.add(socket)
      }
    },
    remove(socket) {
      for (const key of keysOf(socket)) {
        const known = byKey.get(key)
        known?.delete(socket)
        if (known?.size === 0) byKey.delete(key)
      }
    },
    countOf: (userKey) => byKey.get(`of ${userKey}`)?.size ?? 0,
    voidedBy(revocation) {
      const found = byKey.get(`${revocation.kind} ${revocation.id}`) ?? []
      return [...found].filter(({ holder }) => {
        if (holder === undefined) return false
        // A user may have signed in again since, and stays then. Of whom nobody knows since when, nobody stays: the
        // socket may have come in by what was just ended while the news was still on its way.
        const issuedAtMs = holder.actor.issuedAtMs ?? 0
        return voids(revocation, { ...holder.subject, issuedAtMs })
      })
    },
  }
}

function keysOf({ userKey, holder }: LiveSocket): string[] {
  const keys = [`of ${userKey}`]
  for (const kind of kinds) {
    const id = holder?.subject[kind]
    if (id !== undefined) keys.push(`${kind} ${id}`)
  }
  return keys
}

/** An actor who connects now, with the ids by which its session can be ended. */
export function holderOf(actor: Actor, nowMs: number): SessionHolder {
  const subject = {
    session: actor.sessionId,
    family: actor.familyId,
    user: actor.accountId ?? actor.id,
    key: actor.keyId,
    // It was found good just now, whenever it was issued.
    issuedAtMs: actor.issuedAtMs ?? nowMs,
  }
  return { actor, subject }
}
