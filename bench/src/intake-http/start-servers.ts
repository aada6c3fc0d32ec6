// The two servers, each a process of its own on loopback.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess } from '@levqor/testing'
import { cleanEnvironment, startLevqor } from '../harness/start-levqor.ts'
import type { ServerUnderTest } from './server-under-load.ts'

const bareServer = fileURLToPath(new URL('./bare-server.ts', import.meta.url))

/** Starts both at once; when one fails, the other is gone too. */
export async function startServers(
  folder: string,
): Promise<{ readonly ours: ServerUnderTest; readonly bare: ServerUnderTest }> {
  const [ours, bare] = await Promise.allSettled([startOurs(folder), startBareServer(folder)])
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

async function startOurs(folder: string): Promise<ServerUnderTest> {
  const { apiKey, ...server } = await startLevqor(folder)
  return { ...server, headers: { authorization: `Bearer ${apiKey}` } }
}
