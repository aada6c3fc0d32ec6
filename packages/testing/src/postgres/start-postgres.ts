// One real PostgreSQL server of our own: made, started, stopped, removed.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  postgresPrograms,
  postgresUser,
  type RunAs,
  reachablePrograms,
  reachableTemporaryFolder,
} from './postgres-binaries.ts'

export interface RunningPostgres {
  /** Connection string of a superuser on the database `postgres`. */
  readonly url: string
  /** Process id of the server, for tests that kill it on purpose. */
  readonly pid: number
  /** Stops the server at once and removes its folder. May be called twice. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** True: commits reach the disk (fsync, synchronous_commit). False, the default: ten times faster. */
  readonly durable?: boolean
}

/**
 * Starts a fresh server on a free loopback port, without a Unix socket, with a random password.
 * The caller must `stop()` it; tests should use `postgresForTests()`, which shares one server per run.
 *
 * @throws Error with the server's own last words when it does not come up
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const runAs = postgresUser()
  const folder = reachableTemporaryFolder(runAs)
  try {
    return await startIn(folder, runAs, options.durable ?? false)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

async function startIn(folder: string, runAs: RunAs, durable: boolean): Promise<RunningPostgres> {
  const programs = reachablePrograms(await postgresPrograms(), folder, runAs)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  const password = randomBytes(18).toString('base64url')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (runAs.uid !== undefined && runAs.gid !== undefined) {
    for (const path of [folder, data, passwordFile]) chownSync(path, runAs.uid, runAs.gid)
  }
  await finished(
    spawn(
      programs.initdb,
      [
        ...['--pgdata', data, '--username', 'postgres', '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { ...runAs, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: plainEnvironment() },
    ),
  )
  // Another process may take the free port between the look and the bind: try a few.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const server = spawn(programs.postgres, ['-D', data, ...settings(port, durable)], {
      ...runAs,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: plainEnvironment(),
    })
    const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
    try {
      await ready(server)
    } catch (error) {
      if (attempt < 5 && String(error).includes('could not bind')) continue
      throw error
    }
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      pid: server.pid ?? 0,
      async stop() {
        // SIGINT is PostgreSQL's "fast" shutdown: sessions are ended, not waited for.
        if (server.exitCode === null && server.signalCode === null) server.kill('SIGINT')
        await exited
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
}

function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '64MB',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    // `log` leaves out the errors that tests provoke, and keeps the line that says the server is ready.
    log_min_messages: 'log',
    log_checkpoints: 'off',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** PG* variables of the caller must not steer our server; messages must be in English to be recognised. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', SystemRoot: process.env.SystemRoot }
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = ''
    child.stdout?.resume()
    child.stderr?.on('data', (chunk) => {
      words += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`initdb ended with code ${code}: ${words.trim()}`))
    })
  })
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = ''
    server.stderr?.on('data', (chunk) => {
      if (words.length < 10_000) words += chunk
      if (words.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}: ${words.trim()}`)))
  })
}

/** A port nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
