// A Redis for tests that only need one to be there: `TEST_REDIS_URL`, or a server of their own.
import { randomUUID } from 'node:crypto'
import { startRedis } from './start-redis.ts'

export interface TestRedis {
  readonly url: string
  /** A prefix that no other test uses. */
  readonly namespace: string
  [Symbol.asyncDispose](): Promise<void>
}

/** Ask {@link redisAvailable} first. */
export async function redisForTests(): Promise<TestRedis> {
  const namespace = `test-${randomUUID()}`
  const url = process.env.TEST_REDIS_URL
  if (url !== undefined) return { url, namespace, [Symbol.asyncDispose]: async () => {} }
  const server = await startRedis()
  return { url: server.url, namespace, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
