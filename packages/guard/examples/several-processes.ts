// Several processes, one count: limits, ended credentials and processed webhooks in Redis or Valkey.
import { openGuard, type Policy, type SecurityEvents } from '@levqor/guard'
import { createRedisLimitStore, createRedisReplayStore, redisRevocationBus } from '@levqor/guard/redis'
import { createRevocations, type RevocationStore } from '@levqor/guard/tokens'
import { Redis } from 'ioredis'

/** `ended` is rows in your database: what has been signed out must be so after a restart too. */
export async function openShared(
  url: string,
  policy: Policy,
  events: SecurityEvents,
  ended: RevocationStore,
) {
  const redis = new Redis(url, { socketTimeout: 5000 })
  const namespace = 'notes'
  // Waits for Redis, and says everything that keeps the guard from working at once.
  const store = createRedisLimitStore({ redis, namespace })
  const guard = await openGuard({ policy, store, parts: () => ({ events }) })
  return {
    redis,
    guard,
    // The bus makes every process look at once.
    revocations: createRevocations({
      store: ended,
      bus: redisRevocationBus({ client: redis, namespace }),
      events,
    }),
    replayStore: createRedisReplayStore({ client: redis, namespace }),
  }
}
