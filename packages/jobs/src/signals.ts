// Wake-ups inside one process. They carry no truth: whoever is woken reads the store, and polling is the floor.

export interface Signals {
  /** Jobs may be claimable: now, or at a moment (epoch milliseconds). */
  ready(at?: number): void
  onReady(fn: (at: number | undefined) => void): () => void
  /** Somebody wants this running job to end. */
  cancel(jobId: string): void
  onCancel(fn: (jobId: string) => void): () => void
  /** Something about this job changed: state, step, progress or log. */
  changed(jobId: string): void
  onChanged(jobId: string, fn: () => void): () => void
}

export function createSignals(): Signals {
  const ready = new Set<(at: number | undefined) => void>()
  const cancel = new Set<(jobId: string) => void>()
  const changed = new Map<string, Set<() => void>>()

  return {
    ready(at) {
      for (const fn of ready) fn(at)
    },
    onReady(fn) {
      ready.add(fn)
      return () => void ready.delete(fn)
    },
    cancel(jobId) {
      for (const fn of cancel) fn(jobId)
    },
    onCancel(fn) {
      cancel.add(fn)
      return () => void cancel.delete(fn)
    },
    changed(jobId) {
      for (const fn of changed.get(jobId) ?? []) fn()
    },
    onChanged(jobId, fn) {
      const listeners = changed.get(jobId) ?? new Set()
      changed.set(jobId, listeners)
      listeners.add(fn)
      return () => {
        listeners.delete(fn)
        if (listeners.size === 0 && changed.get(jobId) === listeners) changed.delete(jobId)
      }
    },
  }
}
