// From words on the command line to a command: help, options, and errors that say what to do.
import { parseArgs } from 'node:util'
import { LevqorError } from '@levqor/client'
import { type Command, type CommandInput, type Terminal, usageError } from './command.ts'

export interface DispatchOptions {
  readonly commands: readonly Command[]
  readonly version: string
  readonly env: CommandInput['env']
  readonly terminal: Terminal
}

/** Runs one command and returns the exit status: 0 done, 1 failed, 2 called wrongly. */
export async function dispatch(args: readonly string[], options: DispatchOptions): Promise<number> {
  const { commands, terminal } = options
  const [first, ...rest] = args
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const wanted = first === 'help' ? commands.find(({ name }) => name === rest[0]) : undefined
    terminal.out(wanted ? commandHelp(wanted) : overview(commands))
    return 0
  }
  if (first === '--version' || first === '-v') {
    terminal.out(options.version)
    return 0
  }
  const command = commands.find(({ name }) => name === first)
  if (!command) {
    terminal.error(`There is no command ${JSON.stringify(first)}.\n\n${overview(commands)}`)
    return 2
  }
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    })
    if (values.help === true) {
      terminal.out(commandHelp(command))
      return 0
    }
    const surplus = positionals[command.words ?? 0]
    if (surplus !== undefined) throw usageError(`${JSON.stringify(surplus)} is one word too many.`)
    const flat = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]),
    )
    return await command.run({ positionals, options: flat, env: options.env, terminal })
  } catch (error) {
    return explain(error, command, terminal)
  }
}

function explain(error: unknown, command: Command, terminal: Terminal): number {
  if (error instanceof LevqorError) {
    terminal.error(`${error.problem.title}: ${error.message}`)
    for (const { pointer, message } of error.problem.errors ?? [])
      terminal.error(`  ${pointer || '(whole)'}: ${message}`)
    terminal.error(
      `(${error.code}${error.problem.request_id ? `, request ${error.problem.request_id}` : ''})`,
    )
    return 1
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof Error && (code === 'usage' || code.startsWith('ERR_PARSE_ARGS'))) {
    terminal.error(`${error.message}\n\nUsage: ${command.usage}\nHelp:  levqor ${command.name} --help`)
    return 2
  }
  // A code means that somebody thought of it: the message says what to do, and a stack would hide it.
  if (error instanceof Error && code !== '') {
    terminal.error(error.message)
    const hint = hints[code]
    if (hint !== undefined) terminal.error(hint)
    return 1
  }
  throw error
}

const hints: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'Another program listens on this port, perhaps a Levqor that is still running. Set PORT to another one.',
  EACCES: 'This user may not do that. Set LEVQOR_DATA_DIR to a folder of your own, or PORT to 1024 or more.',
  EROFS: 'The disk is read-only. Set LEVQOR_DATA_DIR to a folder that can be written to.',
  ENOSPC: 'The disk is full.',
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 3
  return [
    'Levqor: automations and AI jobs that people can trust.',
    '',
    'Usage: levqor <command> [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'levqor <command> --help tells more about one.',
  ].join('\n')
}

function commandHelp(command: Command): string {
  const details = command.details?.map((line) => `  ${line}`) ?? []
  return [
    `${command.summary}.`,
    '',
    `Usage: ${command.usage}`,
    ...(details.length > 0 ? ['', ...details] : []),
  ].join('\n')
}
