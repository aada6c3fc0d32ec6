// From words on the command line to a command: help, options, and errors that say what to write instead.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { suggest } from '../suggest.ts'
import { type Command, type CommandInput, type Terminal, usageError } from './command.ts'

/** What {@link dispatch} needs. */
export interface DispatchOptions {
  readonly commands: readonly Command[]
  readonly env: CommandInput['env']
  readonly folder: string
  readonly terminal: Terminal
}

/** Runs one command and returns the exit status: 0 done, 1 something is wrong, 2 called wrongly, 3 incomplete. */
export async function dispatch(args: readonly string[], options: DispatchOptions): Promise<number> {
  const { commands, terminal } = options
  const [first, ...rest] = args
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const wanted = commands.find(({ name }) => name === rest[0])
    terminal.out(wanted && first === 'help' ? helpOf(wanted) : overview(commands))
    return 0
  }
  if (first === '--version' || first === '-v') {
    terminal.out(version())
    return 0
  }
  const json = rest.includes('--json')
  const command = commands.find(({ name }) => name === first)
  if (!command) {
    const known = commands.map(({ name }) => name)
    const message = `There is no command ${JSON.stringify(first)}.${hint(first, known)}`
    if (json) terminal.out(asJson(usageError(message)))
    else terminal.error(`${message}\n\n${overview(commands)}`)
    return 2
  }
  try {
    const input = read(command, rest, options)
    if (input === 'help') {
      terminal.out(helpOf(command))
      return 0
    }
    return await command.run(input)
  } catch (error) {
    const status = isUsage(error) ? 2 : 1
    if (json) terminal.out(asJson(error))
    else terminal.error(status === 2 ? `${textOf(error)}\n\n${usageOf(command)}` : textOf(error))
    return status
  }
}

/** @throws usage error naming every unknown option with the one that was probably meant */
function read(command: Command, args: readonly string[], options: DispatchOptions): CommandInput | 'help' {
  const known = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
  const shorts: readonly string[] = Object.values(known).flatMap(({ short }) => short ?? [])
  const { tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true })
  const unknown = tokens.flatMap((token) =>
    token.kind !== 'option' || Object.hasOwn(known, token.name) || shorts.includes(token.name)
      ? []
      : [`There is no option ${token.rawName}.${hint(token.name, Object.keys(known), '--')}`],
  )
  if (unknown.length > 0) throw usageError(unknown.join('\n'))
  const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true })
  if (values.help === true) return 'help'
  const missing = command.words[positionals.length]
  if (missing !== undefined) throw usageError(`Give ${missing}.`)
  const surplus = positionals[command.words.length]
  if (surplus !== undefined) throw usageError(`${JSON.stringify(surplus)} is one word too many.`)
  const texts = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : value]),
  )
  const { env, folder, terminal } = options
  return { words: positionals, options: texts, env, folder, terminal }
}

function hint(word: string, known: readonly string[], prefix = ''): string {
  const meant = suggest(word, known)
  return meant === undefined ? '' : ` Did you mean ${prefix}${meant}?`
}

/** Of whatever an application threw while it was loaded the message helps; its stack would hide it. */
function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function isUsage(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'usage' || code.startsWith('ERR_PARSE_ARGS')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed'
}

/** On standard output, so that a program that reads it finds one JSON document there whatever happens. */
function asJson(error: unknown): string {
  const { details } = Object(error) as { readonly details?: unknown } // of a GuardError: its problems
  const problems = Array.isArray(details) ? details : []
  const code = isUsage(error) ? 'usage' : codeOf(error)
  return JSON.stringify({ error: { code, message: textOf(error), problems } }, null, 2)
}

function usageOf(command: Command): string {
  return `Usage: ${command.usage}\nHelp:  guard ${command.name} --help`
}

/** The package's own: its manifest stands two folders above, as source and as built. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return String(Object(manifest).version)
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 3
  return [
    'guard: one policy at every door.',
    '',
    'Usage: guard <command> [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'guard <command> --help tells more about one; guard --version says which this is.',
  ].join('\n')
}

function helpOf(command: Command): string {
  return [
    `${command.summary}.`,
    '',
    `Usage: ${command.usage}`,
    '',
    ...command.details.map((line) => (line === '' ? '' : `  ${line}`)),
  ].join('\n')
}
