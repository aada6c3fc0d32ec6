// Several processes, one count: limits, ended credentials and processed webhooks in Redis or Valkey.
import { createGuard, type Policy, type SecurityEvents } from '@levqor/guard'
import { createRedisLimitStore, createRedisReplayStore, redisRevocationBus } from '@levqor/guard/redis'
import { createMemoryRevocationStore, createRevocations } from '@levqor/guard/tokens'
import { Redis } from 'ioredis'

export async function openShared(url: string, policy: Policy, events: SecurityEvents) {
  const redis = new Redis(url, { socketTimeout: 5000 })
  const namespace = 'notes'
  const guard = createGuard({ policy, events, store: createRedisLimitStore({ redis, namespace }) })
  await guard.ready()
  return {
    redis,
    guard,
    // Rows in your database (the port is RevocationStore); the bus makes every process look at once.
    revocations: createRevocations({
      store: createMemoryRevocationStore(),
      bus: redisRevocationBus({ client: redis, namespace }),
      events,
    }),
    replayStore: createRedisReplayStore({ client: redis, namespace }),
  }
}
