// A server process under the same load as its rival.
import { DatabaseSync } from 'node:sqlite'
import type { StartedProcess } from '@levqor/testing'
import type { Contestant } from '../harness/benchmark.ts'
import { cpuTimeMs } from '../harness/cpu-time.ts'
import { sendLoad } from './send-load.ts'

export interface ServerUnderTest {
  readonly process: StartedProcess
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
  /** Path of its SQLite file, with a table `jobs`. */
  readonly database: string
}

export interface IntakeLoad {
  readonly requests: number
  readonly connections: number
  readonly body: string
}

export function serverUnderLoad(name: string, server: ServerUnderTest, load: IntakeLoad): Contestant {
  return {
    name,
    async measure() {
      const stored = countJobs(server.database)
      const before = cpuTimeMs(server.process.pid)
      const { perSecond, p50Ms, p99Ms } = await sendLoad({
        origin: server.origin,
        path: '/api/v1/intake',
        headers: server.headers,
        ...load,
      })
      const after = cpuTimeMs(server.process.pid)
      const added = countJobs(server.database) - stored
      if (added !== load.requests) {
        throw new Error(`${name} accepted ${load.requests} jobs and stored ${added}.`)
      }
      return {
        accepted_per_second: perSecond,
        ...(before === undefined || after === undefined
          ? {}
          : { cpu_ms_per_request: (after - before) / load.requests }),
        p50_ms: p50Ms,
        p99_ms: p99Ms,
      }
    },
  }
}

function countJobs(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return Number(database.prepare('SELECT count(*) AS jobs FROM jobs').get()?.jobs)
  } finally {
    database.close()
  }
}
