// The work that every store is given.

export interface Counts {
  /** Jobs put in one transaction each, by 16 callers. */
  readonly single: number
  /** Jobs put in with a thousand to a transaction. */
  readonly batched: number
  /** Workflows of four steps. */
  readonly workflows: number
}

/** Callers that enqueue at the same time, and jobs that run at the same time. */
export const concurrency = 16
export const batchSize = 1_000

export const payload = { url: 'https://example.com/page', depth: 2, notify: 'someone@example.com' }

/** Calls `work` so many times, `concurrency` of them at once. */
export async function inParallel(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count
  async function caller(): Promise<void> {
    while (left > 0) {
      left -= 1
      await work()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
}

/** Sizes of the batches that make up `count`. */
export function batches(count: number): number[] {
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, index) =>
    Math.min(batchSize, count - index * batchSize),
  )
}

/** @returns how often per second something happened that took `work` for all of `count` */
export async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return count / ((performance.now() - started) / 1_000)
}

/** A measurement of work that was not done is worthless. @throws Error when the numbers differ */
export function expectDone(who: string, expected: number, found: number): void {
  if (found !== expected) throw new Error(`${who} finished ${found} of ${expected}.`)
}

/** Lets everything else that is due run first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
