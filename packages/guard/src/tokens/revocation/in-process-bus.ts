// The bus of a program that is one process. Nothing can get lost on it, so it is never silent.
import type { RevocationBus, RevocationListener } from './revocation-bus.ts'

/**
 * Tells all who listen on the same channel in this process: usually nobody else, in tests several that play processes.
 * @example
 * const revocations = createRevocations({ store, bus: inProcessRevocationBus() })
 */
export function inProcessRevocationBus(channel: Set<RevocationListener> = new Set()): RevocationBus {
  let own: RevocationListener | undefined
  return {
    silentAfterMs: Number.POSITIVE_INFINITY,
    listen(listener) {
      own = listener
      channel.add(listener)
      listener.heard()
      listener.listening()
    },
    async publish(revocation) {
      for (const listener of [...channel]) listener.revoked(revocation)
    },
    async stop() {
      if (own !== undefined) channel.delete(own)
    },
  }
}
