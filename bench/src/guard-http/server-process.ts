// A server of a benchmark in a process of its own, and what a request costs it.
import { fileURLToPath } from 'node:url'
import type { AccessTokens } from '@levqor/guard/tokens'
import { type StartedProcess, startProcess } from '@levqor/testing'
import type { Contestant } from '../harness/benchmark.ts'
import { cpuTimeMs } from '../harness/cpu-time.ts'
import { sendGets } from './send-gets.ts'

export interface RunningServer {
  readonly process: StartedProcess
  readonly origin: string
}

export interface ServerLoad {
  readonly requests: number
  readonly accessTokens: AccessTokens
}

const connections = 32
const callers = 256

/** Starts a program that prints `listening on <origin>`. NODE_OPTIONS is passed on, for profiling. */
export async function startServer(
  program: URL,
  secret: string,
  args: readonly string[] = [],
): Promise<RunningServer> {
  const process = await startProcess({
    command: globalThis.process.execPath,
    args: [fileURLToPath(program), ...args],
    env: { BENCH_SECRET: secret, NODE_ENV: 'production' },
    readyWhen: /listening on (\S+)\n/,
  })
  return { process, origin: process.ready?.[1] ?? '' }
}

/** CPU time of the server per request, and requests per second beside it. */
export function underLoad(name: string, server: RunningServer, load: ServerLoad): Contestant {
  return {
    name,
    async measure() {
      // New ones every time: a token holds for minutes only, and its first use must be part of the work.
      const tokens = await Promise.all(
        Array.from({ length: callers }, (_, i) =>
          load.accessTokens.issue({ sub: `account_${i}`, sid: `session_${i}` }),
        ),
      )
      const before = cpuTimeMs(server.process.pid)
      const perSecond = await sendGets({
        origin: server.origin,
        path: '/notes',
        tokens,
        connections,
        requests: load.requests,
      })
      const after = cpuTimeMs(server.process.pid)
      if (before === undefined || after === undefined) {
        throw new Error('CPU time per process is read from /proc: this benchmark runs on Linux only.')
      }
      return {
        cpu_us_per_request: ((after - before) * 1_000) / load.requests,
        requests_per_second: perSecond,
      }
    },
  }
}

/** What a reader must know of the load. */
export function describeLoad(requests: number): string {
  return `${requests} GET requests over ${connections} keep-alive connections from another process, ${callers} access tokens (HS256) in turn, new ones every round.`
}
