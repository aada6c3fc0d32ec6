// Threads for nothing but passwords, each with one being hashed and the next already there. Node's own pool would do the
// same work, but whoever has hashed waits there until the event loop has turned, and competes with the loop for the cores;
// these give way to it. What it brings, measured: decision 17.
import { Worker } from 'node:worker_threads'
import type { HashingAnswer, HashingJob } from './hashing-job.ts'
import type { StoredPassword } from './phc-string.ts'

/** Settings of {@link createHashingThreads}. */
export interface HashingThreadsOptions {
  /** At most so many; each holds the memory of one hash. The second starts when the first has work. */
  readonly count: number
  /** A thread that had nothing to do for so long ends (default 30 s). */
  readonly idleMs?: number
  /** The thread's first file; another one in tests. */
  readonly entry?: URL
}

export interface HashingThreads {
  /**
   * The digest of a password with the cost, the salt and the length of a stored one.
   * @throws Error when it cannot be computed, or its thread has ended
   */
  digest(password: string, like: StoredPassword): Promise<Buffer>
  /** Threads that are there now. */
  readonly size: number
}

interface Waiting {
  resolve(digest: Buffer): void
  reject(error: Error): void
}

interface HashingThread {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
  readonly idle: NodeJS.Timeout
}

const ownEntry = new URL('./hashing-thread.ts', import.meta.url)

/** Starts nothing yet. The threads keep the process alive only while they have work. */
export function createHashingThreads(options: HashingThreadsOptions): HashingThreads {
  const { count, idleMs = 30_000, entry = ownEntry } = options
  const threads = new Set<HashingThread>()
  let lastId = 0
  return {
    digest(password, { salt, digest, memory, passes, parallelism }) {
      const thread = leastBusy()
      const id = ++lastId
      // A copy of its own: with a small buffer the whole pool that it was cut from would be handed over.
      const own = Uint8Array.from(salt)
      const job: HashingJob = { id, password, salt: own, length: digest.length, memory, passes, parallelism }
      return new Promise((resolve, reject) => {
        thread.worker.postMessage(job)
        thread.waiting.set(id, { resolve, reject })
        thread.worker.ref()
      })
    },
    get size() {
      return threads.size
    },
  }

  function leastBusy(): HashingThread {
    let least: HashingThread | undefined
    for (const thread of threads) {
      if (least === undefined || thread.waiting.size < least.waiting.size) least = thread
    }
    if (least !== undefined && (least.waiting.size === 0 || threads.size >= count)) return least
    return start()
  }

  function start(): HashingThread {
    // No secrets of the environment, and none of the flags that this process was started with.
    const worker = new Worker(entry, { env: {}, execArgv: [] })
    const idle = setTimeout(endIdle, idleMs).unref()
    const thread: HashingThread = { worker, waiting: new Map(), idle }
    threads.add(thread)
    worker.on('message', (answer: HashingAnswer) => settle(thread, answer))
    worker.on('error', (error) => giveUp(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => giveUp(new Error('The thread that hashes passwords has ended.')))
    return thread

    function endIdle(): void {
      if (thread.waiting.size > 0) {
        idle.refresh()
        return
      }
      threads.delete(thread)
      void worker.terminate()
    }

    function giveUp(error: Error): void {
      clearTimeout(idle)
      threads.delete(thread)
      for (const { reject } of thread.waiting.values()) reject(error)
      thread.waiting.clear()
    }
  }

  function settle({ worker, waiting, idle }: HashingThread, answer: HashingAnswer): void {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    idle.refresh()
    if (waiting.size === 0) worker.unref()
    if ('failure' in answer) asked?.reject(new Error(answer.failure))
    else asked?.resolve(Buffer.from(answer.digest))
  }
}
