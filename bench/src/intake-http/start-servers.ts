// The two servers, each a process of its own on loopback.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, startProcess } from '@levqor/testing'
import type { ServerUnderTest } from './server-under-load.ts'

const bareServer = fileURLToPath(new URL('./bare-server.ts', import.meta.url))
const levqorServer = fileURLToPath(new URL('../../../apps/levqor/src/main.ts', import.meta.url))

// Settings of whoever runs the benchmark must not reach the servers. NODE_OPTIONS may, for profiling.
const passedOn = new Set(['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS'])

function cleanEnvironment(): Record<string, undefined> {
  const others = Object.keys(process.env).filter((name) => !passedOn.has(name))
  return Object.fromEntries(others.map((name) => [name, undefined]))
}

/** Starts both at once; when one fails, the other is gone too. */
export async function startServers(
  folder: string,
): Promise<{ readonly ours: ServerUnderTest; readonly bare: ServerUnderTest }> {
  const [ours, bare] = await Promise.allSettled([startLevqorServer(folder), startBareServer(folder)])
  if (ours.status === 'fulfilled' && bare.status === 'fulfilled') {
    return { ours: ours.value, bare: bare.value }
  }
  const failures: unknown[] = []
  for (const server of [ours, bare]) {
    if (server.status === 'fulfilled') await server.value.process.kill()
    else failures.push(server.reason)
  }
  throw failures[0]
}

async function startBareServer(folder: string): Promise<ServerUnderTest> {
  const database = join(folder, 'bare.db')
  const server = await startProcess({
    command: process.execPath,
    args: [bareServer, database],
    env: cleanEnvironment(),
    readyWhen: /listening on (\S+)\n/,
  })
  return { process: server, origin: server.ready?.[1] ?? '', headers: {}, database }
}

/** As it ships, with the API's part alone and limits that let the load through but are still counted. */
async function startLevqorServer(folder: string): Promise<ServerUnderTest> {
  const port = await freePort()
  const dataFolder = join(folder, 'levqor')
  const server = await startProcess({
    command: process.execPath,
    args: [levqorServer, 'start'],
    env: {
      ...cleanEnvironment(),
      PORT: String(port),
      LEVQOR_DATA_DIR: dataFolder,
      LEVQOR_ROLES: 'api',
      LEVQOR_LIMITS_MULTIPLIER: '10000',
      DATABASE_SYNCHRONOUS: 'FULL',
    },
    readyWhen: { url: `http://localhost:${port}/health/ready` },
  })
  const { url, api_key } = readFirstRun(join(dataFolder, 'first-run.json'))
  return {
    process: server,
    origin: url,
    headers: { authorization: `Bearer ${api_key}` },
    database: join(dataFolder, 'levqor.db'),
  }
}

function readFirstRun(path: string): { readonly url: string; readonly api_key: string } {
  if (!existsSync(path)) throw new Error('The server is ready but has written no first-run.json.')
  const facts: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof facts !== 'object' || facts === null || !('url' in facts) || !('api_key' in facts)) {
    throw new Error('first-run.json lacks the address or the API key.')
  }
  return { url: String(facts.url), api_key: String(facts.api_key) }
}
