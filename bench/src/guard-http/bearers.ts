// Access tokens as header lines. New ones every time: a token holds for minutes only, and its first use must be part of
// the work.
import { createTokens } from './full-guard.ts'
import { callers } from './server-process.ts'

export function bearers(secret: string): () => Promise<readonly string[]> {
  const tokens = createTokens(secret)
  return () =>
    Promise.all(
      Array.from({ length: callers }, async (_, i) => {
        const token = await tokens.issue({ sub: `account_${i}`, sid: `session_${i}` })
        return `authorization: Bearer ${token}`
      }),
    )
}
