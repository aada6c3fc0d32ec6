// What the processes of one installation share: counts of limits and the news of ended credentials. On Redis when there
// is one; otherwise limits are counted here, and the news travels through the database.
import type { Database } from '@levqor/database'
import { type Clock, createMemoryLimitStore, type LimitStore, type SecurityEvents } from '@levqor/guard'
import { createRedisLimitStore, redisRevocationBus } from '@levqor/guard/redis'
import { createRevocations, type Revocations } from '@levqor/guard/tokens'
import { databaseRevocationBus, databaseRevocationStore, type RedisConnection } from '@levqor/server'

const namespace = 'levqor'

export function openLimitStore(clock: Clock, redis: RedisConnection | undefined): LimitStore {
  if (redis === undefined) return createMemoryLimitStore({ clock })
  return createRedisLimitStore({ redis: redis.client, namespace })
}

export function openRevocations(parts: {
  readonly database: Database
  readonly events: SecurityEvents
  readonly redis: RedisConnection | undefined
}): Revocations {
  const { database, events, redis } = parts
  const store = databaseRevocationStore(database)
  const bus = redis
    ? redisRevocationBus({ client: redis.client, namespace })
    : databaseRevocationBus({ store })
  return createRevocations({ store, bus, events, clock: database.clock })
}
