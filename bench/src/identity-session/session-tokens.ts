// The sessions of the benchmark: both sides know their secrets without telling one another.
import { createHash } from 'node:crypto'
import { callers } from '../guard-http/server-process.ts'

/** One for each caller, shaped like those that identity makes. */
export function sessionTokens(secret: string): readonly string[] {
  return Array.from({ length: callers }, (_, i) =>
    createHash('sha256').update(`${secret} session ${i}`).digest('base64url'),
  )
}
