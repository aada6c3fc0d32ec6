// A real child process for tests that need a real server, a real crash or a real restart.
import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

export interface ProcessOptions {
  readonly command: string
  readonly args?: readonly string[]
  /** Added to the caller's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** Ready when a line of output matches, or when this address answers with a status below 400. */
  readonly readyWhen?: RegExp | { readonly url: string }
  readonly timeoutMs?: number
}

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface StartedProcess {
  readonly pid: number
  /** Everything written so far, standard output and standard error interleaved as they arrived. */
  output(): string
  /** Match of the ready pattern, for reading a port or address from its groups. */
  readonly ready: RegExpExecArray | undefined
  /** Resolves when the process has ended by itself or by a signal. */
  readonly ended: Promise<ProcessEnd>
  /** Sends the signal (SIGTERM by default) and waits for the end; SIGKILL follows after `timeoutMs`. */
  kill(signal?: NodeJS.Signals, timeoutMs?: number): Promise<ProcessEnd>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a program and waits until it is ready. It leads a process group of its own, and signals go to
 * the group: children of npm scripts and shells get them too. Whatever is still running when this
 * process ends, by whatever cause, is killed.
 *
 * @throws Error with the collected output when it ends before it is ready, or is not ready in `timeoutMs`
 *   (20 seconds by default); the process is gone by then
 * @example await using server = await startProcess({ command: 'node', args: ['main.ts'], readyWhen: /listening on (\S+)/ })
 */
export async function startProcess(options: ProcessOptions): Promise<StartedProcess> {
  const { command, args = [], readyWhen, timeoutMs = 20_000 } = options
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => chunks.push(text))
  }
  const { pid } = child
  let end: ProcessEnd | undefined
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      end = { code, signal }
      // Whatever a shell left in the group ends with its leader.
      if (pid !== undefined) signalGroup(pid, 'SIGKILL')
      tellReaper(`-${pid}`)
    })
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  if (pid === undefined) {
    await ended // Rejects: the program could not be started.
    throw new Error(`${command} has no process id.`)
  }
  tellReaper(`+${pid}`)

  async function kill(signal: NodeJS.Signals = 'SIGTERM', graceMs = 10_000): Promise<ProcessEnd> {
    if (end === undefined && pid !== undefined) {
      signalGroup(pid, signal)
      const hard = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs)
      await ended
      clearTimeout(hard)
    }
    return ended
  }

  const output = () => chunks.join('')
  let ready: RegExpExecArray | undefined
  try {
    await until(
      async () => {
        if (readyWhen === undefined) return true
        if (readyWhen instanceof RegExp) {
          // Its last words may arrive after its end.
          if (end) await ended
          ready = readyWhen.exec(output()) ?? undefined
          return ready !== undefined || end !== undefined
        }
        if (end) return true
        return (await fetch(readyWhen.url, { signal: AbortSignal.timeout(1000) })).status < 400
      },
      { what: `${command} to be ready`, timeoutMs },
    )
    if (end && readyWhen !== undefined && ready === undefined) {
      throw new Error(`${command} ended with ${end.code ?? end.signal} before it was ready.`)
    }
  } catch (error) {
    await kill('SIGKILL')
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(`${message}\nIts output:\n${output()}`, { cause: error })
  }
  return { pid, output, ready, ended, kill, [Symbol.asyncDispose]: async () => void (await kill('SIGKILL')) }
}

/** The whole group where the system has groups, otherwise the process alone. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // Already gone.
  }
}

let reaper: Writable | undefined

function tellReaper(line: string): void {
  if (reaper === undefined) {
    const program = fileURLToPath(new URL('./process-reaper.ts', import.meta.url))
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'inherit'], detached: true })
    reaper = child.stdin
    // The reaper must not keep the test process alive.
    child.unref()
    if (child.stdin instanceof Socket) child.stdin.unref()
    // A Vitest worker whose run was killed lives on as long as it has a child: it ends with its run.
    process.once('disconnect', () => process.exit())
  }
  reaper.write(`${line}\n`)
}
