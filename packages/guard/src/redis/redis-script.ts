// A script for Redis or Valkey, with the name under which the server keeps it.
import { createHash } from 'node:crypto'

/** A script and the digest by which a server that has seen it knows it. */
export interface RedisScript {
  readonly text: string
  readonly sha: string
}

/** Redis names a script by its SHA-1; the digest protects nothing. */
export function redisScript(text: string): RedisScript {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}
