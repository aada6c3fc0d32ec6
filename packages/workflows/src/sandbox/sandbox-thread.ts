// Entry of the sandbox's worker thread: does one operation at a time, on data only.
import { parentPort, workerData } from 'node:worker_threads'
import type { ContextProgram } from './context-program.ts'
import { openContext } from './open-context.ts'
import type {
  OperationName,
  SandboxFailure,
  SandboxLimits,
  SandboxRequest,
  ThreadMessage,
} from './operations.ts'

type Handler = (input: string) => Promise<string>

// The process that starts this thread passes its limits.
const limits = workerData as SandboxLimits
const loaded = new Map<OperationName, Handler>()
let program: ContextProgram | undefined

// Libraries are loaded on first use: a workflow without HTML never pays for an HTML parser.
const loaders: Readonly<Record<OperationName, () => Promise<Handler>>> = {
  render: async () => inContext('render'),
  evaluate: async () => inContext('evaluate'),
  analyse: async () => inContext('analyse'),
  checkSchema: async () => {
    const { checkSchemaInThread } = await import('../schema/schema-in-thread.ts')
    return async (input) => wrap(checkSchemaInThread(JSON.parse(input)))
  },
  validate: async () => {
    const { validateInThread } = await import('../schema/schema-in-thread.ts')
    return async (input) => wrap(validateInThread(JSON.parse(input)))
  },
  parseCsv: async () => {
    const { parseCsv } = await import('./parse-csv.ts')
    return async (input) => wrap(parseCsv(JSON.parse(input)))
  },
  extractHtml: async () => {
    const { extractHtml } = await import('./extract-html.ts')
    return async (input) => wrap(extractHtml(JSON.parse(input)))
  },
}

function inContext(operation: OperationName): Handler {
  program ??= openContext(limits)
  const opened = program
  return (input) => opened(operation, input)
}

const wrap = (value: unknown) => JSON.stringify({ value: value ?? null })

async function answer(request: SandboxRequest): Promise<ThreadMessage> {
  const { id, operation } = request
  const handler = loaded.get(operation) ?? (await loaders[operation]())
  loaded.set(operation, handler)
  post({ started: id })
  try {
    const output = await handler(request.input)
    if (Buffer.byteLength(output) <= limits.outputBytes) return { id, output }
    const message = `The result is larger than ${limits.outputBytes} bytes; make it smaller.`
    return { id, failure: { code: 'sandbox_output_too_large', message } }
  } catch (error) {
    return { id, failure: toFailure(error) }
  }
}

function toFailure(error: unknown): SandboxFailure {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 500)
  if (error instanceof RangeError) return { code: 'sandbox_memory', message }
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { code: code ?? 'expression_failed', message }
}

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message)
}

parentPort?.on('message', (request: SandboxRequest) => {
  void answer(request).then(post)
})
post({ ready: true })
