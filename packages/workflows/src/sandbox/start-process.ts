// One sandbox process as its caller sees it: give it a request, get its reply or learn that it died.
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { workflowError } from '../workflow-error.ts'
import { entryFile } from './entry-file.ts'
import type { SandboxLimits, SandboxReply, SandboxRequest } from './operations.ts'

export interface SandboxProcess {
  /** One at a time. Rejects when the process dies; it is useless afterwards. */
  send(request: SandboxRequest): Promise<SandboxReply>
  readonly isDead: boolean
  stop(): Promise<void>
}

const entry = entryFile(new URL('./sandbox-process.ts', import.meta.url))

// This package and the libraries it loads. Not the data folder, not the secret, not anybody's home.
const readableFolders = [fileURLToPath(new URL('../../', import.meta.url)), ...libraryFolders()].map(
  (folder) => `--allow-fs-read=${folder}`,
)

function libraryFolders(): string[] {
  const above = ['../../', '../../../', '../../../../', '../../../../../']
  return above
    .map((up) => fileURLToPath(new URL(`${up}node_modules`, import.meta.url)))
    .filter((folder) => existsSync(folder))
}

// The process stops its thread by itself. This is for the case that it cannot: start-up and loading included.
const backstopMs = 15_000

export function startSandboxProcess(limits: SandboxLimits): SandboxProcess {
  const child = fork(fileURLToPath(entry), [JSON.stringify(limits)], {
    env: {},
    // The permission model takes away what no operation needs: files other than this program's own, writing, starting
    // processes, native code.
    execArgv: ['--permission', ...readableFolders, '--allow-worker', '--no-warnings'],
    serialization: 'advanced',
    // V8 prints pages of its state when memory runs out; the caller is told what matters.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let dead = false
  let waiting: { resolve(reply: SandboxReply): void; reject(error: unknown): void } | undefined
  let backstop: NodeJS.Timeout | undefined
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => die(describeEnd(code, signal, limits), resolve))
    child.once('error', (cause) => {
      die(
        workflowError('sandbox_unavailable', 'The sandbox process could not be started.', { cause }),
        resolve,
      )
    })
  })
  if (child.pid !== undefined) yieldProcessor(child.pid)

  child.on('message', (reply: SandboxReply) => {
    if ('isLast' in reply) {
      dead = true
      child.kill('SIGKILL')
    }
    finish()?.resolve(reply)
  })
  hold(false)

  function die(error: Error, resolve: () => void): void {
    dead = true
    finish()?.reject(error)
    resolve()
  }

  function finish() {
    clearTimeout(backstop)
    hold(false)
    const settled = waiting
    waiting = undefined
    return settled
  }

  // An idle sandbox must not keep its parent running; one with a request must.
  function hold(on: boolean): void {
    if (on) {
      child.ref()
      child.channel?.ref()
    } else {
      child.unref()
      child.channel?.unref()
    }
  }

  return {
    get isDead() {
      return dead
    },
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        hold(true)
        backstop = setTimeout(() => {
          finish()?.reject(
            workflowError('sandbox_timeout', `It did not finish within ${limits.timeoutMs} ms.`),
          )
          child.kill('SIGKILL')
        }, limits.timeoutMs + backstopMs)
        child.send(request, (error) => {
          if (error) child.kill('SIGKILL')
        })
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      hold(true)
      await ended
    },
  }
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, limits: SandboxLimits): Error {
  // V8 aborts when memory runs out (signal or exit code 134); a system short of memory kills.
  if (signal === 'SIGABRT' || signal === 'SIGKILL' || signal === 'SIGTRAP' || code === 134) {
    return workflowError('sandbox_memory', `It needs more than ${limits.memoryMb} MB of memory.`, {
      final: true,
    })
  }
  return workflowError('sandbox_unavailable', `The sandbox process ended (${signal ?? code}).`)
}

// Whatever tenants compute comes after the server's own work.
function yieldProcessor(pid: number): void {
  try {
    setPriority(pid, 5)
  } catch {
    // Not allowed on some systems; the limits hold without it.
  }
}
