// What a command is, and the errors that are the caller's to mend.
import type { ParseArgsConfig } from 'node:util'

export interface Terminal {
  out(text: string): void
  error(text: string): void
  /** Progress is drawn on a terminal only, so that pipes stay clean. */
  readonly isInteractive: boolean
  readonly columns: number
}

export interface CommandInput {
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly terminal: Terminal
}

export interface Command {
  readonly name: string
  readonly usage: string
  readonly summary: string
  /** Longer help, one line each. */
  readonly details?: readonly string[]
  /** How many words it takes besides options. Default none. */
  readonly words?: number
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** Returns the exit status. */
  run(input: CommandInput): Promise<number>
}

/** Something the caller wrote is wrong; shown without a stack, exit status 2. */
export function usageError(message: string): Error & { readonly code: 'usage' } {
  return Object.assign(new Error(message), { code: 'usage' as const })
}

/** The one argument that a command needs. @throws usage error */
export function requiredArgument(input: CommandInput, name: string): string {
  const value = input.positionals[0]
  if (!value) throw usageError(`Give ${name}.`)
  return value
}

/** A text option, or undefined. */
export function textOption(input: CommandInput, name: string): string | undefined {
  const value = input.options[name]
  return typeof value === 'string' ? value : undefined
}
