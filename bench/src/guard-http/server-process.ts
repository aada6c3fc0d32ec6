// A server of a benchmark in a process of its own, and what a request costs it.
import { fileURLToPath } from 'node:url'
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
  /** A header line for each caller, used in turn. Asked for before every measurement. */
  credentials(): Promise<readonly string[]>
  /** A rate that every contestant can bear, for figures at equal load. */
  readonly pacedPerSecond?: number
}

const connections = 32
export const callers = 256

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

/** CPU time of the server per request: with as many as it can answer, and `paced` at the given rate. */
export function underLoad(name: string, server: RunningServer, load: ServerLoad): Contestant {
  return {
    name,
    async measure() {
      const credentials = await load.credentials()
      const { requests, pacedPerSecond } = load
      const gets = { origin: server.origin, path: '/notes', credentials, connections, requests }
      const before = cpuMs(server)
      const answered = await sendGets(gets)
      const between = cpuMs(server)
      const figures = {
        cpu_us_per_request: ((between - before) * 1_000) / requests,
        requests_per_second: answered,
      }
      if (pacedPerSecond === undefined) return figures
      const fewer = requests / 2
      await sendGets({ ...gets, requests: fewer, perSecond: pacedPerSecond })
      return { ...figures, paced_cpu_us_per_request: ((cpuMs(server) - between) * 1_000) / fewer }
    },
  }
}

function cpuMs({ process: { pid } }: RunningServer): number {
  const used = cpuTimeMs(pid)
  if (used !== undefined) return used
  throw new Error('CPU time per process is read from /proc: this benchmark runs on Linux only.')
}

/** What a reader must know of the load. */
export function describeLoad({ requests, pacedPerSecond }: Omit<ServerLoad, 'credentials'>): string {
  const paced =
    pacedPerSecond === undefined ? '' : `, then half as many at ${pacedPerSecond} a second (\`paced\`)`
  return `${requests} GET requests over ${connections} keep-alive connections from another process, as fast as they are answered${paced}; ${callers} callers in turn.`
}
