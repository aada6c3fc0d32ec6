// `levqor run`: submits a job, shows its progress live, prints its result on stdout.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Client, getQueueHealth, getStatus, intake, type JobEvent, LevqorError } from '@levqor/client'
import {
  type Command,
  type CommandInput,
  requiredArgument,
  type Terminal,
  textOption,
  usageError,
} from './command.ts'
import { connect, connectionHelp, connectionOptions } from './connect.ts'
import { errorLine, printable, progressBar } from './show.ts'

export const runWorkflow: Command = {
  name: 'run',
  words: 1,
  usage: 'levqor run <workflow> --payload <json or @file>',
  summary: 'Run a workflow, show its progress, print its result',
  details: [
    '--payload <json>     the input, as JSON or as @file.json (default {})',
    '--priority <name>    low, normal or high',
    '--idempotency-key <text>  the same key and input give the same job',
    '--detach             print the job id and do not wait',
    ...connectionHelp,
    'The result goes to stdout, progress to stderr. Exit status 0 when the job succeeded, 1 otherwise.',
  ],
  options: {
    ...connectionOptions,
    payload: { type: 'string', short: 'p' },
    priority: { type: 'string' },
    'idempotency-key': { type: 'string' },
    detach: { type: 'boolean' },
  },
  async run(input) {
    const workflow = requiredArgument(input, 'the name of a workflow, such as page-digest')
    const { client } = await connect(input)
    const priority = priorityOption(input)
    const { job_id } = await submit(client, {
      headers: { 'idempotency-key': textOption(input, 'idempotency-key') ?? randomUUID() },
      body: {
        workflow,
        payload: readPayload(textOption(input, 'payload') ?? '{}'),
        ...(priority ? { priority } : {}),
      },
    })
    if (input.options.detach === true) {
      input.terminal.out(job_id)
      return 0
    }
    input.terminal.error(`Job ${job_id}`)
    await follow(client, job_id, input.terminal)
    return report(client, job_id, input.terminal)
  },
}

type Submission = Parameters<typeof sendIntake>[1]

function sendIntake(client: Client, submission: Parameters<typeof client.call<typeof intake>>[1]) {
  return client.call(intake, submission)
}

// The idempotency key makes trying again safe: at a limit or a busy database, wait as told and say so.
async function submit(client: Client, submission: Submission) {
  for (let tries = 1; ; tries++) {
    try {
      return await sendIntake(client, submission)
    } catch (error) {
      const wait =
        error instanceof LevqorError && [429, 503].includes(error.status) ? error.retryAfter : undefined
      if (wait === undefined || wait > 60 || tries >= 5) throw error
      console.error(`The server asks to wait ${wait} s …`)
      await new Promise((resolve) => setTimeout(resolve, wait * 1_000))
    }
  }
}

function priorityOption(input: CommandInput): 'low' | 'normal' | 'high' | undefined {
  const text = textOption(input, 'priority')
  if (text === undefined || text === 'low' || text === 'normal' || text === 'high') return text
  throw usageError(`The priority is low, normal or high, not ${text}.`)
}

function readPayload(text: string): unknown {
  const json = text.startsWith('@') ? readFile(text.slice(1)) : text
  try {
    return JSON.parse(json)
  } catch (error) {
    throw usageError(`The payload is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw usageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function follow(client: Client, id: string, terminal: Terminal): Promise<void> {
  let drawn = false
  const waiting = setTimeout(() => void sayWhyItWaits(client, terminal), patienceMs)
  const draw = (event: JobEvent) => {
    const label = printable(
      event.step ? `${event.status}: ${event.step.id} ${event.step.state}` : event.status,
    )
    if (terminal.isInteractive) {
      process.stderr.write(`\r\u001b[2K${progressBar(event.progress, label, terminal.columns)}`)
      drawn = true
    } else terminal.error(`${String(event.progress).padStart(3)} %  ${label}`)
  }
  try {
    for await (const event of client.followJob(id)) {
      if (event.status === 'running') clearTimeout(waiting)
      if (event.type !== 'log') draw(event)
    }
  } finally {
    clearTimeout(waiting)
  }
  if (drawn) process.stderr.write('\n')
}

/** A worker with nothing else to do takes a job within milliseconds. */
const patienceMs = 3_000

/** Waiting is silent otherwise, and nobody would know for what. */
async function sayWhyItWaits(client: Client, terminal: Terminal): Promise<void> {
  // Below the bar, not in it.
  if (terminal.isInteractive) process.stderr.write('\n')
  try {
    const { workers } = await client.call(getQueueHealth, {})
    if (workers.length === 0) {
      terminal.error('No worker is running: the job waits for one (levqor start with the role worker).')
    }
  } catch {
    // Most keys may not look at the queue; the job is followed all the same.
    terminal.error('The job is still waiting. If that goes on, see whether a worker is running.')
  }
}

async function report(client: Client, id: string, terminal: Terminal): Promise<number> {
  const status = await client.call(getStatus, { params: { job_id: id } })
  if (status.status === 'succeeded') {
    terminal.out(JSON.stringify(status.result, null, 2))
    return 0
  }
  terminal.error(printable(`The job is ${status.status}. ${errorLine(status.error)}`.trim()))
  terminal.error(`See: levqor job ${id}`)
  return 1
}
