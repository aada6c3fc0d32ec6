// A stream lives as long as the credential that opened it: cut when the credential is revoked, wherever that was said,
// and asked again every second, answered from memory mostly, for what ends by itself. The request has been let in by then:
// `identify` sees that by `request.guard.actor` and counts no further use.
import type { Identify } from '@levqor/guard'
import { type Revocations, voids } from '@levqor/guard/tokens'
import type { FastifyRequest } from 'fastify'

/** Milliseconds; the bound for what no revocation announces: expiry, idleness, a closed account. */
const everyMs = 1_000

/** What a stream needs to know about the credentials of this installation. */
export interface CredentialWatch {
  readonly identify: Identify<FastifyRequest>
  readonly revocations?: Pick<Revocations, 'onRevoked'>
}

/** Calls `end` once the request's credential no longer holds. Stops by itself when `signal` is aborted. */
export function watchCredential(
  request: FastifyRequest,
  { identify, revocations }: CredentialWatch,
  stream: { readonly signal: AbortSignal; end(): void },
): void {
  const { actor } = request.guard
  if (actor === undefined) return
  const opened = actor.workspaceId
  const subject = {
    session: actor.sessionId,
    family: actor.familyId,
    key: actor.keyId,
    user: actor.accountId ?? actor.id,
    issuedAtMs: actor.issuedAtMs ?? 0,
  }
  const timer = setInterval(() => void check(), everyMs)
  timer.unref()
  const forget = revocations?.onRevoked((revocation) => {
    if (voids(revocation, subject)) stream.end()
  })
  stream.signal.addEventListener(
    'abort',
    () => {
      clearInterval(timer)
      forget?.()
    },
    { once: true },
  )

  async function check(): Promise<void> {
    try {
      const now = await identify(request, request.guard.door)
      // One that nobody can judge right now goes on: a store that is away ends nothing.
      if (now.outcome === 'missing' || now.outcome === 'invalid') stream.end()
      // A session that has moved on to another workspace still holds, but not for what this stream shows.
      else if (now.actor.workspaceId !== opened) stream.end()
    } catch (error) {
      // A database that is away says nothing about the credential: it is asked again in a second.
      request.log.debug({ err: error }, 'The credential of a stream could not be checked.')
    }
  }
}
