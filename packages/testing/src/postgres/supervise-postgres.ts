// The test run's side of the supervisor: start it, learn its address, let it go.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

export interface PostgresSupervisor {
  /** Loopback address that answers with the server's connection string, starting it on the first request. */
  readonly address: string
  /** Resolves when the server, if it was ever started, is gone with its folder. */
  stop(): Promise<void>
}

/** Starts the supervisor (about 50 ms); PostgreSQL itself starts when the address is first asked. */
export async function supervisePostgres(): Promise<PostgresSupervisor> {
  const program = fileURLToPath(new URL('./postgres-supervisor.ts', import.meta.url))
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // A group of its own: Ctrl-C in the terminal reaches the test run, and the supervisor through it.
    detached: true,
  })
  const exited = once(child, 'exit')
  const address = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text.trim())
    })
    exited.then(() => reject(new Error('The PostgreSQL supervisor ended before it was ready.')), reject)
  })
  // Nothing here may keep the test run alive, or fail it when the pipe breaks at the end.
  child.unref()
  child.stdin.on('error', () => {})
  for (const stream of [child.stdin, child.stdout]) {
    if (stream instanceof Socket) stream.unref()
  }
  return {
    address,
    async stop() {
      child.ref()
      child.stdin.end()
      await exited
    },
  }
}
