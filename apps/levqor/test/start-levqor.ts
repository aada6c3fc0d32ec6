// A real Levqor process for tests, in a data folder of its own, on a free port.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@levqor/client'
import type { FirstRun } from '@levqor/identity'
import { freePort, type StartedProcess, startProcess } from '@levqor/testing'

export interface TestInstallation extends AsyncDisposable {
  readonly url: string
  readonly folder: string
  readonly firstRun: FirstRun
  readonly client: Client
  readonly process: StartedProcess
  /** Ends the process with the signal and starts a new one on the same data. */
  restart(signal: NodeJS.Signals, env?: Record<string, string>): Promise<void>
  /** A request with the first key, JSON in and out. */
  request(method: string, path: string, options?: RequestOptions): Promise<TestResponse>
}

export interface RequestOptions {
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly raw?: string
  readonly headers?: Record<string, string>
  /** `null` sends none. */
  readonly key?: string | null
}

export interface TestResponse {
  readonly status: number
  readonly headers: Headers
  // Tests look into answers of any shape.
  // biome-ignore lint/suspicious/noExplicitAny: the point of these tests is what comes over the wire
  readonly body: any
}

export const mainFile = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export const testEnvironment = {
  // Answers are checked against their contracts.
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  LEVQOR_EGRESS_ALLOW: '127.0.0.0/8',
  LOG_LEVEL: 'warn',
  // Limits stay on, out of the way of tests that are not about them.
  LEVQOR_LIMITS_MULTIPLIER: '1000',
} as const

/**
 * @param env added to the process's environment; `LEVQOR_ROLES` defaults to everything but the web app
 * @param beside a process that has already begun the installation in the same database: its first key is used
 * @param main the program, where it is not the command line itself
 */
export async function startLevqor(
  env: Record<string, string> = {},
  beside?: TestInstallation,
  main = mainFile,
): Promise<TestInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-app-'))
  const port = env.PORT === undefined ? await freePort() : Number(env.PORT)
  const launch = (more: Record<string, string> = {}) =>
    startProcess({
      command: 'node',
      args: ['--disable-warning=ExperimentalWarning', main, 'start'],
      env: {
        ...testEnvironment,
        LEVQOR_ROLES: 'api,worker,scheduler',
        LEVQOR_DATA_DIR: folder,
        PORT: String(port),
        ...env,
        ...more,
      },
      readyWhen: /Levqor is ready/,
      timeoutMs: 60_000,
    })
  let running = await launch().catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true })
    throw error
  })
  // The shape is promised by the first start and checked by first-run.test.ts.
  const firstRun =
    beside?.firstRun ?? (JSON.parse(readFileSync(join(folder, 'first-run.json'), 'utf8')) as FirstRun)
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    folder,
    firstRun,
    client: createClient({ baseUrl: url, apiKey: firstRun.api_key }),
    get process() {
      return running
    },
    async restart(signal, more) {
      await running.kill(signal)
      running = await launch(more)
    },
    async request(method, path, { body, raw, headers = {}, key = firstRun.api_key } = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(raw === undefined ? (body === undefined ? {} : { body: JSON.stringify(body) }) : { body: raw }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json') ?? false
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
    },
    async [Symbol.asyncDispose]() {
      await running.kill('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
