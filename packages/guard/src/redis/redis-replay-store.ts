// Processed webhooks remembered in Redis or Valkey, for all processes together. Each step is one script call on one
// key, decided by the server's clock. The server must not evict (`maxmemory-policy noeviction`): what it drops to make
// room could be replayed.
import { randomUUID } from 'node:crypto'
import type { ReplayStore } from '../webhooks/replay-store.ts'
import type { RedisClient } from './redis-client.ts'
import { type RedisScript, redisScript } from './redis-script.ts'
import { runScript } from './run-script.ts'

/** Settings of {@link createRedisReplayStore}. */
export interface RedisReplayStoreOptions {
  /** Stays the caller's to close. */
  readonly client: RedisClient
  /** Before every key (default `guard`). Equal in all processes of one installation, different in others. */
  readonly namespace?: string
}

/**
 * The store.
 * @example
 * const replayStore = createRedisReplayStore({ client: new Redis(url) })
 */
export function createRedisReplayStore(options: RedisReplayStoreOptions): ReplayStore {
  return createReplayStoreAt(options, () => '')
}

/**
 * The store at a time of the caller's choice, for tests that move it; an empty time means the server's own. Not part
 * of the package's front doors: in production only the server's clock may decide.
 */
export function createReplayStoreAt(
  { client, namespace = 'guard' }: RedisReplayStoreOptions,
  now: () => number | '',
): ReplayStore {
  const run = (script: RedisScript, key: string, ...values: (string | number)[]) =>
    runScript(client, script, 1, [`${namespace}:webhooks:${key}`, now(), ...values])
  return {
    async claim(key, leaseMs) {
      const token = randomUUID()
      const answer = await run(claimScript, key, token, leaseMs)
      if (answer === 'claimed') return { state: 'claimed', token }
      if (answer === 'committed') return { state: 'committed' }
      const retryAfterMs = Number(answer)
      if (!Number.isFinite(retryAfterMs)) throw new Error('The replay script gave an unknown answer')
      return { state: 'in-progress', retryAfterMs }
    },
    async commit(key, rememberMs) {
      await run(commitScript, key, rememberMs)
    },
    async release(key, token) {
      await run(releaseScript, key, token)
    },
  }
}

// KEYS[1] the message; ARGV[1] the time in milliseconds, or empty. A value is "<end> <token>": a claim while it has a
// token, a commit without one. The end is kept in the value, because expiry may run by a clock some milliseconds off.
const beginning = `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local ends, token
local value = redis.call('GET', KEYS[1])
if value then
  local space = string.find(value, ' ', 1, true)
  ends = tonumber(string.sub(value, 1, space - 1))
  token = string.sub(value, space + 1)
end
local function put(duration, holder)
  local text = string.format('%.0f %s', now + duration, holder)
  redis.call('SET', KEYS[1], text, 'PX', duration + 1000)
end
`

const claimScript = redisScript(`${beginning}
if not ends or ends <= now then
  put(tonumber(ARGV[3]), ARGV[2])
  return 'claimed'
end
if token == '' then return 'committed' end
return string.format('%.0f', ends - now)
`)

const commitScript = redisScript(`${beginning}
put(tonumber(ARGV[2]), '')
return 'done'
`)

const releaseScript = redisScript(`${beginning}
if token == ARGV[2] then redis.call('DEL', KEYS[1]) end
return 'done'
`)
