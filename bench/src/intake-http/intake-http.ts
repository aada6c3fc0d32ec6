// What the guarantees of intake cost: our server against a bare Fastify route that does one SQLite insert.
import type { Benchmark } from '../harness/benchmark.ts'
import { type IntakeLoad, serverUnderLoad } from './server-under-load.ts'
import { startBareServer, startLevqorServer } from './start-servers.ts'

const body = JSON.stringify({
  workflow: 'page-digest',
  payload: { url: 'https://example.com/articles/2026/on-durable-work' },
})

const usual: IntakeLoad = { requests: 8_000, connections: 32, body }

/** @param change smaller loads for tests */
export function intakeHttp(change: Partial<IntakeLoad> = {}): Benchmark {
  const load = { ...usual, ...change }
  return {
    name: 'intake-http',
    about: 'accepting jobs over HTTP against a bare Fastify route with one SQLite insert',
    async prepare(folder) {
      const bare = await startBareServer(folder)
      const ours = await startLevqorServer(folder).catch(async (error) => {
        await bare.process.kill()
        throw error
      })
      return {
        contestants: [serverUnderLoad('levqor', ours, load), serverUnderLoad('bare', bare, load)],
        ratios: [
          { name: 'accepted_vs_bare', of: 'levqor.accepted_per_second', to: 'bare.accepted_per_second' },
          ...(process.platform === 'linux'
            ? [{ name: 'cpu_vs_bare', of: 'levqor.cpu_ms_per_request', to: 'bare.cpu_ms_per_request' }]
            : []),
        ],
        notes: [
          `${load.requests} requests of ${Buffer.byteLength(load.body)} bytes over ${load.connections} connections, an Idempotency-Key of its own on each.`,
          'Ours: key check, limits, validation, idempotency, audit row and job in one transaction. Bare: JSON parsed, one insert, committed by itself. Both WAL, synchronous FULL.',
        ],
        async close() {
          await Promise.all([ours.process.kill(), bare.process.kill()])
        },
      }
    },
  }
}
