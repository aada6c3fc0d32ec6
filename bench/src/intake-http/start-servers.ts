// The two servers, each a process of its own on loopback.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, startProcess } from '@levqor/testing'
import type { ServerUnderTest } from './server-under-load.ts'

const bareServer = fileURLToPath(new URL('./bare-server.ts', import.meta.url))
const levqorServer = fileURLToPath(new URL('../../../apps/levqor/src/main.ts', import.meta.url))

export async function startBareServer(folder: string): Promise<ServerUnderTest> {
  const server = await startProcess({
    command: process.execPath,
    args: [bareServer, join(folder, 'bare.db')],
    readyWhen: /listening on (\S+)\n/,
  })
  return { process: server, origin: server.ready?.[1] ?? '', headers: {} }
}

/** As it ships, with the API's part alone and limits that let the load through but are still counted. */
export async function startLevqorServer(folder: string): Promise<ServerUnderTest> {
  const port = await freePort()
  const dataFolder = join(folder, 'levqor')
  const server = await startProcess({
    command: process.execPath,
    args: [...(process.env.LEVQOR_BENCH_NODE_OPTIONS?.split(' ') ?? []), levqorServer, 'start'],
    env: {
      PORT: String(port),
      LEVQOR_DATA_DIR: dataFolder,
      LEVQOR_ROLES: 'api',
      LEVQOR_LIMITS_MULTIPLIER: '1000000',
      DATABASE_URL: undefined,
      DATABASE_SYNCHRONOUS: 'FULL',
    },
    readyWhen: { url: `http://localhost:${port}/health/ready` },
  })
  const { url, api_key } = readFirstRun(join(dataFolder, 'first-run.json'))
  return { process: server, origin: url, headers: { authorization: `Bearer ${api_key}` } }
}

function readFirstRun(path: string): { readonly url: string; readonly api_key: string } {
  if (!existsSync(path)) throw new Error('The server is ready but has written no first-run.json.')
  const facts: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof facts !== 'object' || facts === null || !('url' in facts) || !('api_key' in facts)) {
    throw new Error('first-run.json lacks the address or the API key.')
  }
  return { url: String(facts.url), api_key: String(facts.api_key) }
}
