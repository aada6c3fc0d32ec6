// What the whole guard costs an Express route, against the middleware people assemble today.
import { randomBytes } from 'node:crypto'
import { bearers } from '../guard-http/bearers.ts'
import { describeLoad, startServer, underLoad } from '../guard-http/server-process.ts'
import type { Benchmark } from '../harness/benchmark.ts'

/** @param requests per measurement; fewer for tests */
export function guardExpressBenchmark(requests = 30_000): Benchmark {
  return {
    name: 'guard-express',
    about: 'the whole guard on an Express route, against the usual middleware',
    async prepare() {
      const secret = randomBytes(32).toString('base64url')
      const servers = await Promise.all([
        startServer(new URL('./guarded-server.ts', import.meta.url), secret),
        startServer(new URL('./plugins-server.ts', import.meta.url), secret),
      ])
      const [guarded, plugins] = servers
      const load = { requests, credentials: bearers(secret) }
      return {
        contestants: [underLoad('guard', guarded, load), underLoad('plugins', plugins, load)],
        ratios: [{ name: 'vs_plugins', of: 'plugins.cpu_us_per_request', to: 'guard.cpu_us_per_request' }],
        notes: [
          `${describeLoad(load)} Access tokens (HS256), new ones every round.`,
          'Ours: as in guard-http. Middleware: helmet with eight of the headers, cors, express-rate-limit with its one limit, jsonwebtoken.',
        ],
        async close() {
          await Promise.all(servers.map((server) => server.process.kill()))
        },
      }
    },
  }
}
