// What the doctor wants to know about Redis: INFO, because managed servers refuse CONFIG.
import type { RedisFacts } from '../doctor/doctor-facts.ts'

/** What of a client is looked at. `ioredis` fits as it is. */
export interface InspectableRedis {
  info(section: 'memory'): Promise<string>
  readonly options?: { readonly socketTimeout?: number | undefined }
}

/**
 * Asks the server and reads the client's settings. What they do not tell stays undefined.
 * @throws whatever the client throws when the server cannot be asked
 * @example
 * const facts = { ...guardFacts, redis: await readRedisFacts(redis) }
 */
export async function readRedisFacts(redis: InspectableRedis): Promise<RedisFacts> {
  const memory = await redis.info('memory')
  const tell = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(memory)?.[1]
  const bytes = tell('maxmemory')
  return {
    maxmemoryPolicy: tell('maxmemory_policy'),
    maxmemoryBytes: bytes === undefined ? undefined : Number(bytes),
    socketTimeoutMs: redis.options === undefined ? undefined : (redis.options.socketTimeout ?? 0),
  }
}
