// Redis and Valkey: shared limits, revocation bus, replay store.
export { readRedisFacts } from './read-redis-facts.ts'
export type { RedisClient, RedisSubscriber } from './redis-client.ts'
export {
  createRedisLimitStore,
  type RedisLimitStore,
  type RedisLimitStoreOptions,
} from './redis-limit-store.ts'
export { createRedisReplayStore, type RedisReplayStoreOptions } from './redis-replay-store.ts'
export { type RedisRevocationBusOptions, redisRevocationBus } from './redis-revocation-bus.ts'
