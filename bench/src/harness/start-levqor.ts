// Levqor as it ships, as a process of its own on loopback, with limits that let the load through but are still counted.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, type StartedProcess, startProcess } from '@levqor/testing'

const program = fileURLToPath(new URL('../../../apps/levqor/src/main.ts', import.meta.url))

export interface StartedLevqor {
  readonly process: StartedProcess
  readonly origin: string
  readonly apiKey: string
  /** Path of its SQLite file. */
  readonly database: string
}

// Settings of whoever runs the benchmark must not reach the servers. NODE_OPTIONS may, for profiling.
const passedOn = new Set(['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS'])

export function cleanEnvironment(): Record<string, undefined> {
  const others = Object.keys(process.env).filter((name) => !passedOn.has(name))
  return Object.fromEntries(others.map((name) => [name, undefined]))
}

/** Starts the API's part alone. `nodeArguments` come before the program. */
export async function startLevqor(
  folder: string,
  nodeArguments: readonly string[] = [],
): Promise<StartedLevqor> {
  const port = await freePort()
  const dataFolder = join(folder, 'levqor')
  const server = await startProcess({
    command: process.execPath,
    args: [...nodeArguments, program, 'start'],
    env: {
      ...cleanEnvironment(),
      PORT: String(port),
      LEVQOR_DATA_DIR: dataFolder,
      LEVQOR_ROLES: 'api',
      // The load comes from many addresses, as if through a proxy.
      TRUSTED_PROXIES: 'loopback',
      LEVQOR_LIMITS_MULTIPLIER: '10000',
      DATABASE_SYNCHRONOUS: 'FULL',
    },
    readyWhen: { url: `http://localhost:${port}/health/ready` },
  })
  const { url, api_key } = readFirstRun(join(dataFolder, 'first-run.json'))
  return { process: server, origin: url, apiKey: api_key, database: join(dataFolder, 'levqor.db') }
}

function readFirstRun(path: string): { readonly url: string; readonly api_key: string } {
  if (!existsSync(path)) throw new Error('The server is ready but has written no first-run.json.')
  const facts: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof facts !== 'object' || facts === null || !('url' in facts) || !('api_key' in facts)) {
    throw new Error('first-run.json lacks the address or the API key.')
  }
  return { url: String(facts.url), api_key: String(facts.api_key) }
}
