// A stream lives as long as the credential that opened it: asked again every second, answered from memory mostly.
import type { Identify } from '@levqor/guard'
import type { FastifyRequest } from 'fastify'

/** Milliseconds; a revocation cuts a stream of this process within this time, one of another within twice. */
const everyMs = 1_000

/** Calls `end` once the request's credential no longer holds. Stops by itself when `signal` is aborted. */
export function watchCredential(
  request: FastifyRequest,
  identify: Identify<FastifyRequest>,
  stream: { readonly signal: AbortSignal; end(): void },
): void {
  if (request.guard.actor === undefined) return
  const timer = setInterval(() => void check(), everyMs)
  timer.unref()
  stream.signal.addEventListener('abort', () => clearInterval(timer), { once: true })

  async function check(): Promise<void> {
    try {
      const { outcome } = await identify(request, request.guard.door)
      if (outcome !== 'identified') stream.end()
    } catch (error) {
      // A database that is away says nothing about the credential: it is asked again in a second.
      request.log.debug({ err: error }, 'The credential of a stream could not be checked.')
    }
  }
}
