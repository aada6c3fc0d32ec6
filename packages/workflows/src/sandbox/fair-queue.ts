// Who goes next: workspaces in turn, each with its own line, and none may take every place.

export interface FairQueue<T> {
  /** False when the line of this key is full. */
  add(key: string, item: T): boolean
  /** The next item whose key is not already busy up to its share, or undefined. */
  take(): { readonly key: string; readonly item: T } | undefined
  /** To be called when a taken item is done. */
  release(key: string): void
  /** Empties every line. */
  drain(): readonly T[]
}

export function createFairQueue<T>(options: {
  readonly maxWaitingPerKey: number
  readonly maxRunningPerKey: number
}): FairQueue<T> {
  // Insertion order is the turn order: a key that was served goes to the end.
  const lines = new Map<string, T[]>()
  const running = new Map<string, number>()

  return {
    add(key, item) {
      const line = lines.get(key) ?? []
      if (line.length >= options.maxWaitingPerKey) return false
      line.push(item)
      lines.set(key, line)
      return true
    },
    take() {
      for (const [key, line] of lines) {
        const busy = running.get(key) ?? 0
        if (busy >= options.maxRunningPerKey) continue
        const item = line.shift()
        lines.delete(key)
        if (line.length > 0) lines.set(key, line)
        if (item === undefined) continue
        running.set(key, busy + 1)
        return { key, item }
      }
      return undefined
    },
    release(key) {
      const left = (running.get(key) ?? 1) - 1
      if (left > 0) running.set(key, left)
      else running.delete(key)
    },
    drain() {
      const items = [...lines.values()].flat()
      lines.clear()
      return items
    },
  }
}
