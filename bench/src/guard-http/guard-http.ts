// What the whole guard costs a Fastify route, against a bare route and against the plugins people assemble today.
import { randomBytes } from 'node:crypto'
import type { Benchmark } from '../harness/benchmark.ts'
import { bearers } from './bearers.ts'
import { describeLoad, startServer, underLoad } from './server-process.ts'

/** @param requests per measurement; fewer for tests */
export function guardHttp(requests = 60_000): Benchmark {
  return {
    name: 'guard-http',
    about: 'the whole guard on a Fastify route, against a bare route and against the usual plugins',
    async prepare() {
      const secret = randomBytes(32).toString('base64url')
      const at = (program: string) => new URL(program, import.meta.url)
      const servers = await Promise.all([
        startServer(at('./guarded-server.ts'), secret),
        startServer(at('./bare-server.ts'), secret),
        startServer(at('./plugins-server.ts'), secret),
        startServer(at('./plugins-server.ts'), secret, ['cached']),
      ])
      const [guarded, bare, plugins, cached] = servers
      const load = { requests, pacedPerSecond: 10_000, credentials: bearers(secret) }
      return {
        contestants: [
          underLoad('guard', guarded, load),
          underLoad('bare', bare, load),
          underLoad('plugins', plugins, load),
          underLoad('plugins_cached', cached, load),
        ],
        ratios: [
          { name: 'vs_bare', of: 'bare.cpu_us_per_request', to: 'guard.cpu_us_per_request' },
          {
            name: 'vs_bare_paced',
            of: 'bare.paced_cpu_us_per_request',
            to: 'guard.paced_cpu_us_per_request',
          },
          { name: 'vs_plugins', of: 'plugins.cpu_us_per_request', to: 'guard.cpu_us_per_request' },
          {
            name: 'vs_plugins_cached',
            of: 'plugins_cached.cpu_us_per_request',
            to: 'guard.cpu_us_per_request',
          },
        ],
        notes: [
          `${describeLoad(load)} Access tokens (HS256), new ones every round.`,
          'Ours: nine security headers and two RateLimit fields, three limits in one call and a look at the address’ failed guesses, token verified through its cache with revocation check, scopes and origin checked, event stream with counters.',
          'Plugins: @fastify/helmet with eight of the headers, @fastify/cors, @fastify/jwt, @fastify/rate-limit with its one limit; `plugins_cached` with the token cache that @fastify/jwt has switched off.',
        ],
        async close() {
          await Promise.all(servers.map((server) => server.process.kill()))
        },
      }
    },
  }
}
