// Two real processes of Levqor on one database, one for the API and one for the work, that can be killed and replaced.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database, openDatabase } from '@levqor/database'
import { realIds, type StartedProcess, startProcess, systemClock } from '@levqor/testing'
import { levqorSchemas } from '../src/start/schemas.ts'

export type Part = 'api' | 'worker'

export interface ChaosInstallation extends AsyncDisposable {
  readonly url: string
  readonly apiKey: string
  /** SIGKILL, and a new process at once. Resolves when it is ready. */
  killAndRestart(part: Part): Promise<void>
  ensureRunning(): Promise<void>
  /** A further handle on the same database, to look at what is left. */
  openStore(): Promise<Database>
}

export interface InstallationOptions {
  readonly databaseUrl: string
  readonly port: number
  readonly leaseMs: number
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export async function openInstallation(options: InstallationOptions): Promise<ChaosInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-chaos-'))
  const running = new Map<Part, StartedProcess>()

  async function start(part: Part): Promise<void> {
    const process = await startProcess({
      command: 'node',
      args: ['--disable-warning=ExperimentalWarning', main, 'start'],
      env: {
        NODE_ENV: 'development',
        LEVQOR_ROLES: part,
        LEVQOR_DATA_DIR: folder,
        DATABASE_URL: options.databaseUrl,
        PORT: String(options.port),
        HOST: '127.0.0.1',
        LEVQOR_LEASE_MS: String(options.leaseMs),
        LEVQOR_EGRESS_ALLOW: '127.0.0.0/8',
        // The load is the point here, not the limits.
        RATELIMIT_ENABLED: 'off',
        LOG_LEVEL: 'warn',
      },
      readyWhen: /Levqor is ready/,
    })
    running.set(part, process)
  }

  try {
    // The API makes the first key and the secret that both share.
    await start('api')
    await start('worker')
  } catch (error) {
    await Promise.all([...running.values()].map((process) => process.kill('SIGKILL')))
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  // Written by the first start, whose shape is promised.
  const first = JSON.parse(readFileSync(join(folder, 'first-run.json'), 'utf8')) as { api_key: string }

  return {
    url: `http://127.0.0.1:${options.port}`,
    apiKey: first.api_key,
    async killAndRestart(part) {
      await running.get(part)?.kill('SIGKILL')
      await start(part)
    },
    async ensureRunning() {
      for (const part of ['api', 'worker'] as const) if (!running.has(part)) await start(part)
    },
    openStore: () =>
      openDatabase({
        url: options.databaseUrl,
        schemas: levqorSchemas,
        clock: systemClock,
        ids: realIds(),
        migrate: false,
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all([...running.values()].map((process) => process.kill('SIGTERM')))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
