// The connection to Redis or Valkey. It never makes anybody wait: without a connection a command fails at once, so
// that whoever asked can follow its declared mode, and the connection comes back by itself.
import { Redis } from 'ioredis'
import type { ReadinessCheck } from '../http/health.ts'
import type { Logger } from '../log/create-logger.ts'

export interface RedisConnection {
  readonly client: Redis
  readonly check: ReadinessCheck
  close(): Promise<void>
}

/** How long the first connection may take, milliseconds. */
const firstConnectionMs = 3_000

/** How long a command may stay unanswered before the connection counts as dead, milliseconds. */
const silentConnectionMs = 2_000

/**
 * Connects, and keeps connecting.
 * @throws Error `redis_unreachable` when the first connection does not come about: a typing error in the address must
 *   not be found out under load
 */
export async function connectRedis(url: string, log: Logger): Promise<RedisConnection> {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: firstConnectionMs,
    // A connection whose other end is gone without a word is given up and dialled again.
    socketTimeout: silentConnectionMs,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  })
  let connected = false
  client.on('ready', () => {
    if (!connected) log.info('Connected to Redis.')
    connected = true
  })
  client.on('error', (error) => {
    // Said once per loss: the client tries again many times a minute.
    if (connected) log.error({ err: error }, 'The connection to Redis is lost; trying again.')
    connected = false
  })
  client.on('close', () => {
    if (connected) log.error('The connection to Redis is lost; trying again.')
    connected = false
  })
  try {
    await client.connect()
  } catch (error) {
    client.disconnect()
    const message = 'Redis does not answer. Start it, or mend or remove REDIS_URL.'
    throw Object.assign(new Error(message, { cause: error }), { code: 'redis_unreachable' })
  }
  return {
    client,
    check: {
      name: 'redis',
      check: async () => {
        await client.ping()
      },
    },
    async close() {
      connected = false
      client.disconnect()
    },
  }
}
