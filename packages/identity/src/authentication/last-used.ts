// When a key or session was last used: noted in memory, written in batches, never on a request's own transaction.
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import type { Logger } from '@levqor/server'
import type { CachedCredential } from './credential-cache.ts'

export interface LastUsed {
  note(credential: CachedCredential): void
  flush(): Promise<void>
  stop(): Promise<void>
}

const flushEveryMs = 2_000
const maxRemembered = 50_000

const statements = {
  apiKey: `UPDATE api_keys SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $1)`,
  session: `UPDATE sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1`,
} as const

export function createLastUsed(database: Database, everyMs: number, log: Logger): LastUsed {
  const { clock } = database
  const noted = new Map<string, number>()
  let waiting = new Map<string, { readonly kind: CachedCredential['kind']; readonly at: number }>()
  let flushing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  async function write(): Promise<void> {
    const batch = waiting
    waiting = new Map()
    if (batch.size === 0) return
    try {
      await asSystem(database).transaction(async (tx) => {
        // One order for all processes, so that two batches cannot block each other.
        for (const id of [...batch.keys()].sort()) {
          const use = batch.get(id)
          if (use) await tx.run(statements[use.kind], [use.at, id])
        }
      })
    } catch (error) {
      // A busy database: the next flush tries again.
      for (const [id, use] of batch) if (!waiting.has(id)) waiting.set(id, use)
      log.warn(
        { err: error },
        'The last use of keys and sessions could not be written; it will be tried again.',
      )
    }
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    await flushing
    flushing = write()
    await flushing
    flushing = undefined
    if (waiting.size > 0) schedule()
  }

  function schedule(): void {
    timer ??= setTimeout(() => void flush(), flushEveryMs).unref()
  }

  return {
    note({ kind, id }) {
      const now = clock.now()
      const before = noted.get(id)
      if (before !== undefined && now - before < everyMs) return
      if (noted.size >= maxRemembered) noted.clear()
      noted.set(id, now)
      waiting.set(id, { kind, at: now })
      schedule()
    },
    flush,
    async stop() {
      await flush()
      clearTimeout(timer)
    },
  }
}
