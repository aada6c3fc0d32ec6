// A real Redis or Valkey server of a test's own, that can be killed, frozen and brought back.
import { execFileSync } from 'node:child_process'
import { freePort } from '../postgres/start-postgres.ts'
import { type StartedProcess, startProcess } from '../start-process.ts'

export interface RunningRedis {
  readonly url: string
  readonly port: number
  /** Ends the server at once; connections are closed. */
  kill(): Promise<void>
  /** Stops it answering while connections stay open and new ones are still accepted. */
  freeze(): void
  thaw(): void
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The server program found on this machine, if any. */
export function redisBinary(): string | undefined {
  return ['redis-server', 'valkey-server'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}

/**
 * Whether tests that need Redis can run: a server of their own (`own`), or at least one to connect to (`any`).
 * Says so on standard output when they cannot; throws instead when `REQUIRE_SERVICES=1`.
 */
export function redisAvailable(need: 'own' | 'any' = 'any'): boolean {
  if (redisBinary() !== undefined) return true
  if (need === 'any' && process.env.TEST_REDIS_URL !== undefined) return true
  const reason =
    'no redis-server or valkey-server on this machine (or TEST_REDIS_URL): tests with Redis are skipped'
  if (process.env.REQUIRE_SERVICES === '1') throw new Error(`REQUIRE_SERVICES=1, but ${reason}`)
  console.log(reason)
  return false
}

/** Starts a server on a free loopback port; nothing is kept on disk. */
export async function startRedis(): Promise<RunningRedis> {
  const command = redisBinary()
  if (command === undefined) throw new Error('No redis-server or valkey-server on this machine.')
  const port = await freePort()
  const start = () =>
    startProcess({
      command,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      readyWhen: /Ready to accept connections/,
    })
  let running: StartedProcess = await start()
  const kill = async () => {
    await running.kill('SIGKILL')
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    freeze: () => void process.kill(running.pid, 'SIGSTOP'),
    thaw: () => void process.kill(running.pid, 'SIGCONT'),
    async restart() {
      await kill()
      running = await start()
    },
    [Symbol.asyncDispose]: kill,
  }
}
