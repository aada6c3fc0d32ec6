// Revocations of one process, for tests and for programs that may sign everybody in again after a restart.
import { mergeRevocations, revocationKinds, voids } from './revocation-rules.ts'
import type { RevocationStore, StoredRevocation } from './revocation-store.ts'

const pruneSteps = 1000

/**
 * Keeps revocations in memory until they may be forgotten.
 * @example
 * const revocations = createRevocations({ store: createMemoryRevocationStore(), bus: inProcessRevocationBus() })
 */
export function createMemoryRevocationStore(): RevocationStore {
  // In the order of positions: what is merged is taken out and put at the end.
  const kept = new Map<string, StoredRevocation>()
  let position = 0
  return {
    async add(revocation) {
      const key = `${revocation.kind}:${revocation.id}`
      const known = kept.get(key)
      kept.delete(key)
      const merged = known === undefined ? revocation : mergeRevocations(known, revocation)
      kept.set(key, { ...merged, position: ++position })
    },
    async find(subject) {
      for (const kind of revocationKinds) {
        const found = kept.get(`${kind}:${subject[kind]}`)
        if (found !== undefined && voids(found, subject)) return found
      }
      return undefined
    },
    head: async () => position,
    async since(after, limit) {
      const found: StoredRevocation[] = []
      for (const revocation of kept.values()) {
        if (revocation.position > after && found.length < limit) found.push(revocation)
      }
      return found
    },
    async prune(nowMs) {
      let pruned = 0
      for (const [key, { forgetAtMs }] of kept) {
        if (forgetAtMs > nowMs || pruned === pruneSteps) continue
        kept.delete(key)
        pruned++
      }
      return pruned
    },
  }
}
