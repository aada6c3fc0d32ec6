// How long an ended session is still let in by another process, over HTTP and on a socket that is open.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  redisAvailable,
  redisForTests,
  type StartedProcess,
  startProcess,
  type TestRedis,
  until,
} from '@levqor/testing'
import type { Benchmark, Contestant } from '../harness/benchmark.ts'
import { endSessions, type TwoServers } from './end-sessions.ts'

const program = fileURLToPath(new URL('./revocation-server.ts', import.meta.url))
const secret = 'qN4vX8rT1mZ6kW3bJ9sH2fD7gL5pC0yAeUiOxRtVcBn'

interface Pair {
  readonly servers: TwoServers
  readonly processes: readonly StartedProcess[]
}

/** Sessions that are ended in one measurement. */
export interface RevocationCounts {
  /** Over the bus that is measured. */
  readonly main: number
  /** Over the database, beside Redis; 0 leaves it out. */
  readonly beside: number
}

const usual: RevocationCounts = { main: 1_000, beside: 200 }

/** @param counts smaller ones for tests */
export function guardRevocation(counts: RevocationCounts = usual): Benchmark {
  return {
    name: 'guard-revocation',
    about: 'how long an ended session is still let in by another process, HTTP and sockets',
    async prepare(folder) {
      const redis = redisAvailable() ? await redisForTests() : undefined
      const measured = [
        ...(redis === undefined ? [] : [{ name: 'redis', redis, count: counts.main }]),
        { name: 'database', redis: undefined, count: redis === undefined ? counts.main : counts.beside },
      ].filter(({ count }) => count > 0)
      const pairs = await Promise.all(
        measured.map(async ({ name, count, redis: over }) => {
          const pair = await startPair(`sqlite:${join(folder, `${name}.db`)}`, over)
          return { ...pair, contestant: ending(name, pair.servers, count) }
        }),
      )
      const [main = 'database'] = measured.map(({ name }) => name)
      return {
        contestants: pairs.map(({ contestant }) => contestant),
        ratios: [
          { name: 'p99_ms', of: `${main}.p99_ms` },
          { name: 'http_p99_ms', of: `${main}.http_p99_ms` },
          { name: 'socket_p99_ms', of: `${main}.socket_p99_ms` },
          ...measured
            .filter(({ name }) => name === 'database')
            .map(() => ({ name: 'database_p99_ms', of: 'database.p99_ms' })),
        ],
        notes: [
          `Two server processes with the whole guard share one SQLite file. ${counts.main} sessions, ten at a time, are in use at one server, each with requests every 10 ms and an open Socket.IO connection, and are ended at the other: from the moment at which the request to end one is sent until the first 401 and until the socket is cut.`,
          main === 'redis'
            ? `p99_ms: over Redis. database_p99_ms: ${counts.beside} sessions without Redis; each process looks into the database four times a second.`
            : 'No Redis on this machine: everything over the database, into which each process looks four times a second.',
          'Milliseconds, not ratios; the bound is 1,000.',
        ],
        async close() {
          for (const server of pairs.flatMap(({ processes }) => processes)) await server.kill()
          await redis?.[Symbol.asyncDispose]()
        },
      }
    },
  }
}

async function startPair(databaseUrl: string, redis: TestRedis | undefined): Promise<Pair> {
  const start = () =>
    startProcess({
      command: process.execPath,
      args: [program, databaseUrl, redis?.url ?? 'none', redis?.namespace ?? 'none'],
      env: { BENCH_SECRET: secret },
      readyWhen: /listening on (\S+)\n/,
      timeoutMs: 60_000,
    })
  const processes = await Promise.all([start(), start()])
  const [here = '', there = ''] = processes.map(({ ready }) => ready?.[1])
  for (const origin of [here, there]) {
    await until(async () => (await (await fetch(`${origin}/ready`)).text()).includes('true'), {
      what: 'a server to listen to revocations',
    })
  }
  return { servers: { here, there }, processes }
}

function ending(name: string, servers: TwoServers, revocations: number): Contestant {
  return {
    name,
    async measure() {
      const { http, socket } = await endSessions(servers, revocations)
      return {
        p99_ms: Math.max(percentile(http, 0.99), percentile(socket, 0.99)),
        http_p50_ms: percentile(http, 0.5),
        http_p99_ms: percentile(http, 0.99),
        http_most_ms: percentile(http, 1),
        socket_p50_ms: percentile(socket, 0.5),
        socket_p99_ms: percentile(socket, 0.99),
        socket_most_ms: percentile(socket, 1),
      }
    },
  }
}

function percentile(sorted: readonly number[], share: number): number {
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  if (found === undefined) throw new Error('Nothing was measured.')
  return found
}
