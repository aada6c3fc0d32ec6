// Families of refresh tokens in one process, for tests and for programs that may sign everybody in again after a restart.
import type { RefreshFamily, RefreshStore } from './refresh-store.ts'

const pruneAtOnce = 1000

/** Keeps families in memory until they are pruned. */
export function createMemoryRefreshStore(): RefreshStore {
  const families = new Map<string, RefreshFamily>()
  return {
    async add(family) {
      families.set(family.id, family)
    },
    find: async (id) => families.get(id),
    async advance(id, fromCounter, step) {
      const family = families.get(id)
      if (family?.counter !== fromCounter || family.endedCause !== undefined) return false
      families.set(id, { ...family, ...step })
      return true
    },
    end: async (id, cause) => end(families.get(id), cause),
    async endAllOf(userId, cause) {
      for (const family of families.values()) if (family.userId === userId) end(family, cause)
    },
    async prune(nowMs) {
      let pruned = 0
      for (const { id, expiresAtMs } of families.values()) {
        if (expiresAtMs >= nowMs || pruned === pruneAtOnce) continue
        families.delete(id)
        pruned++
      }
      return pruned
    },
  }

  function end(family: RefreshFamily | undefined, cause: string): boolean {
    if (family === undefined || family.endedCause !== undefined) return false
    families.set(family.id, { ...family, endedCause: cause })
    return true
  }
}
