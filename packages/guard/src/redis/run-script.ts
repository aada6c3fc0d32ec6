// Running a script by its digest. A server that was restarted, or a replica that took over, has never seen it: then
// the whole text is sent once, and the server knows it again.
import type { RedisClient } from './redis-client.ts'
import type { RedisScript } from './redis-script.ts'

/** Runs it. The keys come first. */
export async function runScript(
  redis: RedisClient,
  script: RedisScript,
  keyCount: number,
  keysAndArguments: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha, keyCount, ...keysAndArguments)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return redis.eval(script.text, keyCount, ...keysAndArguments)
  }
}
