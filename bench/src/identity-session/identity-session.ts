// What it costs to know a caller by their session: the guarded route of guard-http with identity's session cookie, against
// the same route with a signed access token.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { bearers } from '../guard-http/bearers.ts'
import { describeLoad, startServer, underLoad } from '../guard-http/server-process.ts'
import type { Benchmark } from '../harness/benchmark.ts'
import { sessionTokens } from './session-tokens.ts'

/** @param requests per measurement; fewer for tests */
export function identitySession(requests = 60_000): Benchmark {
  return {
    name: 'identity-session',
    about: 'callers known by a session cookie, against callers known by a signed token',
    async prepare(folder) {
      const secret = randomBytes(32).toString('base64url')
      const cookies = sessionTokens(secret).map((token) => `cookie: levqor_session=${token}`)
      const [ours, tokens] = await Promise.all([
        startServer(new URL('./session-server.ts', import.meta.url), secret, [join(folder, 'sessions.db')]),
        startServer(new URL('../guard-http/guarded-server.ts', import.meta.url), secret),
      ])
      return {
        contestants: [
          underLoad('session', ours, { requests, credentials: async () => cookies }),
          underLoad('guard_http', tokens, { requests, credentials: bearers(secret) }),
        ],
        ratios: [
          { name: 'vs_guard_http', of: 'guard_http.cpu_us_per_request', to: 'session.cpu_us_per_request' },
        ],
        notes: [
          describeLoad({ requests }),
          'Session: an opaque cookie, its digest looked up in SQLite at most once a second for each caller (a session ended in another process is refused within that second), last use written. guard_http: as in that benchmark.',
        ],
        async close() {
          await Promise.all([ours.process.kill(), tokens.process.kill()])
        },
      }
    },
  }
}
