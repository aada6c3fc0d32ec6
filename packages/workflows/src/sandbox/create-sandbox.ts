// The one place where anything a tenant wrote is evaluated: at most two processes, each with limits, shared fairly.
import { codeOf, type WorkflowErrorCode, workflowError } from '../workflow-error.ts'
import { createFairQueue } from './fair-queue.ts'
import type { OperationName, SandboxLimits, SandboxOperations, SandboxReply } from './operations.ts'
import { type SandboxProcess, startSandboxProcess } from './start-process.ts'

export interface SandboxOptions {
  /** Longest time of one operation, milliseconds. Default 1000. */
  readonly timeoutMs?: number
  /** Heap of one operation, megabytes. Default 64. */
  readonly memoryMb?: number
  /** Largest result, bytes of JSON. Default 1,000,000. */
  readonly outputBytes?: number
  /** Processes. Default 2. */
  readonly size?: number
  /** An unused process is stopped after this time, milliseconds. Default 30,000. */
  readonly idleMs?: number
}

/** Evaluates templates, expressions, schemas, CSV and HTML away from this process. */
export interface Sandbox {
  /**
   * Runs one operation. `key` is the workspace: workspaces take turns, and one never holds both processes.
   *
   * @throws WorkflowError `sandbox_timeout`, `sandbox_memory`, `sandbox_output_too_large`, `sandbox_busy`,
   * `sandbox_unavailable`, or the operation's own code (`template_failed`, `expression_failed`, `bad_csv`, …)
   */
  run<N extends OperationName>(
    operation: N,
    input: SandboxOperations[N]['input'],
    options: { readonly key: string },
  ): Promise<SandboxOperations[N]['output']>
  /** Processes that are alive now. */
  readonly processes: number
  close(): Promise<void>
}

interface Task {
  readonly operation: OperationName
  readonly input: string
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface Slot {
  process: SandboxProcess | undefined
  busy: boolean
  idleTimer: NodeJS.Timeout | undefined
}

const maxWaitingPerKey = 200

/**
 * Processes start on first use and stop when idle.
 *
 * @example
 * const sandbox = createSandbox()
 * const [text] = await sandbox.run('render', { templates: ['Hello {{ payload.name }}'], scope }, { key: workspaceId })
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const limits: SandboxLimits = {
    timeoutMs: options.timeoutMs ?? 1_000,
    memoryMb: options.memoryMb ?? 64,
    outputBytes: options.outputBytes ?? 1_000_000,
  }
  const size = options.size ?? 2
  const idleMs = options.idleMs ?? 30_000
  const slots: Slot[] = Array.from({ length: size }, () => ({
    process: undefined,
    busy: false,
    idleTimer: undefined,
  }))
  const queue = createFairQueue<Task>({ maxWaitingPerKey, maxRunningPerKey: Math.max(1, size - 1) })
  let closed = false
  let lastId = 0

  function dispatch(): void {
    for (;;) {
      // A running process comes before a new one: a quiet server keeps one or none.
      const slot = slots.find(({ busy, process }) => !busy && process) ?? slots.find(({ busy }) => !busy)
      const next = slot && queue.take()
      if (!next) return
      slot.busy = true
      clearTimeout(slot.idleTimer)
      void runOn(slot, next.item).finally(() => {
        queue.release(next.key)
        slot.busy = false
        restLater(slot)
        dispatch()
      })
    }
  }

  async function runOn(slot: Slot, task: Task): Promise<void> {
    if (!slot.process || slot.process.isDead) slot.process = startSandboxProcess(limits)
    try {
      lastId += 1
      const reply = await slot.process.send({ id: lastId, operation: task.operation, input: task.input })
      task.resolve(unpack(reply))
    } catch (error) {
      task.reject(closed ? unavailable() : error)
    }
  }

  function restLater(slot: Slot): void {
    if (closed) return
    slot.idleTimer = setTimeout(() => {
      void slot.process?.stop()
      slot.process = undefined
    }, idleMs).unref()
  }

  return {
    run: (operation, input, { key }) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(unavailable())
        const task: Task = {
          operation,
          input: JSON.stringify(input),
          // The reply was produced by this operation, whose output type the table names.
          resolve: (value) => resolve(value as SandboxOperations[typeof operation]['output']),
          reject,
        }
        if (queue.add(key, task)) return dispatch()
        reject(
          workflowError('sandbox_busy', 'Too many evaluations of this workspace are waiting; try again.', {
            retryAfterMs: limits.timeoutMs,
          }),
        )
      }),
    get processes() {
      return slots.filter(({ process }) => process && !process.isDead).length
    },
    async close() {
      closed = true
      for (const task of queue.drain()) task.reject(unavailable())
      for (const slot of slots) clearTimeout(slot.idleTimer)
      await Promise.all(slots.map(({ process }) => process?.stop()))
    },
  }
}

function unavailable(): Error {
  return workflowError('sandbox_unavailable', 'The sandbox is closed.')
}

// A machine under load may be slow by itself, so time may be tried again; everything else would only repeat.
const retryable: ReadonlySet<string | undefined> = new Set(['sandbox_timeout', 'sandbox_unavailable'])

function unpack(reply: SandboxReply): unknown {
  const result: { value?: unknown; failure?: { code: string; message: string } } =
    'output' in reply ? JSON.parse(reply.output) : reply
  if (!result.failure) return result.value
  const code = codeOf(result.failure)
  // Every code that the sandbox answers with is one of this package's.
  throw workflowError(code as WorkflowErrorCode, result.failure.message, { final: !retryable.has(code) })
}
