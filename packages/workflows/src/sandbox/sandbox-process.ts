// Entry of a sandbox process: keeps one worker thread, stops it at its time limit, and ends with its parent.
//
// Why a process around the thread: V8 ends the whole process when one allocation jumps past a thread's memory
// limit. Measured on Node 24: the JSONata expression `[1..10000000]` under a limit of 64 MB aborts the process
// that holds the thread. Here that is this process, which holds nothing else, and not the server. Why a thread
// inside: this event loop stays free, so a loop without end is stopped on time and the parent's death is seen.
import { Worker } from 'node:worker_threads'
import { entryFile } from './entry-file.ts'
import type { SandboxLimits, SandboxReply, SandboxRequest, ThreadMessage } from './operations.ts'

// Its starter passes the limits as the one argument.
const limits = JSON.parse(process.argv[2] ?? '{}') as SandboxLimits
const entry = entryFile(new URL('./sandbox-thread.ts', import.meta.url))

const terminateMs = 100

let thread = startThread()
let current: SandboxRequest | undefined
let timer: NodeJS.Timeout | undefined
let isStopping = false

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
    if (worker !== thread || isStopping) return
    if ('started' in message) timer = setTimeout(() => void stopAtLimit(), limits.timeoutMs)
    else if ('id' in message) settle(message)
  })
  worker.on('error', (error: Error & { readonly code?: string }) => {
    if (worker !== thread || isStopping) return
    const code = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'sandbox_memory' : 'sandbox_unavailable'
    const message =
      code === 'sandbox_memory' ? `It needs more than ${limits.memoryMb} MB of memory.` : error.message
    thread = startThread()
    if (current) settle({ id: current.id, failure: { code, message } })
  })
  return worker
}

async function stopAtLimit(): Promise<void> {
  const failure = { code: 'sandbox_timeout', message: `It did not finish within ${limits.timeoutMs} ms.` }
  isStopping = true
  const stopped = thread.terminate().then(() => true)
  const isStopped = await Promise.race([stopped, after(terminateMs)])
  if (!current) return
  if (isStopped) {
    isStopping = false
    thread = startThread()
    settle({ id: current.id, failure })
  } else {
    // Deep inside one allocation or one comparison, which might still end the process: nobody else may be in it.
    process.send?.({ id: current.id, failure, isLast: true })
  }
}

function after(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms)
  })
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
// Ctrl-C reaches every process of a terminal. The parent decides when to stop: its jobs may still need answers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
// Also when the parent was killed: an evaluation must not outlive whoever asked for it.
process.on('disconnect', () => process.exit(0))
