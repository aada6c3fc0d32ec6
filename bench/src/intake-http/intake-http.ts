// What the guarantees of intake cost: our server against a bare Fastify route that does one SQLite insert.
import type { Benchmark } from '../harness/benchmark.ts'
import { serverUnderLoad } from './server-under-load.ts'
import { startServers } from './start-servers.ts'

export interface IntakeCounts {
  /** Requests of one measurement over all connections. */
  readonly requests: number
  /** Requests of one measurement over a single connection. */
  readonly singleRequests: number
}

const connections = 32
const body = JSON.stringify({
  workflow: 'page-digest',
  payload: { url: 'https://example.com/articles/2026/on-durable-work' },
})

const usual: IntakeCounts = { requests: 8_000, singleRequests: 1_500 }

/** @param counts smaller ones for tests */
export function intakeHttp({ requests, singleRequests }: IntakeCounts = usual): Benchmark {
  const many = { requests, connections, body }
  const single = { requests: singleRequests, connections: 1, body }
  return {
    name: 'intake-http',
    about: 'accepting jobs over HTTP against a bare Fastify route with one SQLite insert',
    async prepare(folder) {
      const { ours, bare } = await startServers(folder)
      return {
        contestants: [
          serverUnderLoad('levqor', ours, many),
          serverUnderLoad('bare', bare, many),
          serverUnderLoad('levqor_single', ours, single),
          serverUnderLoad('bare_single', bare, single),
        ],
        ratios: [
          { name: 'accepted_vs_bare', of: 'levqor.accepted_per_second', to: 'bare.accepted_per_second' },
          ...(process.platform === 'linux'
            ? [{ name: 'cpu_vs_bare', of: 'levqor.cpu_ms_per_request', to: 'bare.cpu_ms_per_request' }]
            : []),
          {
            name: 'accepted_vs_bare_single',
            of: 'levqor_single.accepted_per_second',
            to: 'bare_single.accepted_per_second',
          },
        ],
        notes: [
          `${requests} requests of ${Buffer.byteLength(body)} bytes over ${connections} connections (single: ${singleRequests} over one), an Idempotency-Key of its own on each.`,
          'Ours: key check, limits, validation, idempotency, audit row and job in one transaction, one log line. Bare: JSON parsed, one insert, committed by itself. Both WAL, synchronous FULL.',
        ],
        async close() {
          await Promise.all([ours.process.kill(), bare.process.kill()])
        },
      }
    },
  }
}
