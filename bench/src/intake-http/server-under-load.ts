// A server process under the same load as its rival.
import type { StartedProcess } from '@levqor/testing'
import type { Contestant } from '../harness/benchmark.ts'
import { cpuTimeMs } from './cpu-time.ts'
import { sendLoad } from './send-load.ts'

export interface ServerUnderTest {
  readonly process: StartedProcess
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
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
      const before = cpuTimeMs(server.process.pid)
      const { perSecond, p50Ms, p99Ms } = await sendLoad({
        origin: server.origin,
        path: '/api/v1/intake',
        headers: server.headers,
        ...load,
      })
      const after = cpuTimeMs(server.process.pid)
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
