// Entry of a sandbox process: keeps one worker thread, stops it at its time limit, and ends with its parent.
//
// Why a process around the thread: V8 ends the whole process when one allocation jumps past a thread's memory
// limit. Measured on Node 24: the JSONata expression `[1..10000000]` under a limit of 64 MB aborts the process
// that holds the thread. Here that is this process, which holds nothing else, and not the server. Why a thread
// inside: this event loop stays free, so a loop without end is stopped on time and the parent's death is seen.
import { Worker } from 'node:worker_threads'
import type { SandboxLimits, SandboxReply, SandboxRequest, ThreadMessage } from './operations.ts'

// Its starter passes the limits as the one argument.
const limits = JSON.parse(process.argv[2] ?? '{}') as SandboxLimits
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './sandbox-thread.ts' : './sandbox-thread.js',
  import.meta.url,
)

let thread = startThread()
let current: SandboxRequest | undefined
let timer: NodeJS.Timeout | undefined

function startThread(): Worker {
  const worker = new Worker(entry, {
    env: {},
    workerData: limits,
    resourceLimits: {
      maxOldGenerationSizeMb: limits.memoryMb,
      maxYoungGenerationSizeMb: Math.max(4, Math.ceil(limits.memoryMb / 4)),
      stackSizeMb: 2,
    },
  })
  worker.on('message', (message: ThreadMessage) => {
    if (worker !== thread) return
    if ('started' in message) timer = setTimeout(stopAtLimit, limits.timeoutMs)
    else if ('id' in message) settle(message)
  })
  worker.on('error', (error: Error & { readonly code?: string }) => {
    if (worker !== thread) return
    const code = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'sandbox_memory' : 'sandbox_unavailable'
    const message =
      code === 'sandbox_memory' ? `It needs more than ${limits.memoryMb} MB of memory.` : error.message
    thread = startThread()
    if (current) settle({ id: current.id, failure: { code, message } })
  })
  return worker
}

function stopAtLimit(): void {
  const stopped = thread
  thread = startThread()
  void stopped.terminate()
  if (!current) return
  const message = `It did not finish within ${limits.timeoutMs} ms.`
  settle({ id: current.id, failure: { code: 'sandbox_timeout', message } })
}

function settle(reply: SandboxReply): void {
  clearTimeout(timer)
  current = undefined
  process.send?.(reply)
}

process.on('message', (request: SandboxRequest) => {
  current = request
  thread.postMessage(request)
})
// Also when the parent was killed: an evaluation must not outlive whoever asked for it.
process.on('disconnect', () => process.exit(0))
