// What a command of `guard` is, and the errors that are the caller's to mend.
import type { ParseArgsConfig } from 'node:util'

/** Where words go. */
export interface Terminal {
  out(text: string): void
  error(text: string): void
}

/** What a command gets. */
export interface CommandInput {
  /** As many as the command's `words`. */
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that relative paths start from. */
  readonly folder: string
  readonly terminal: Terminal
}

/** One command. */
export interface Command {
  readonly name: string
  readonly usage: string
  readonly summary: string
  /** Longer help, line by line. */
  readonly details: readonly string[]
  /** Names of the words that it needs besides options, in order. */
  readonly words: readonly string[]
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** Returns the exit status: 0 done, 1 found something wrong, 3 not everything could be tried. */
  run(input: CommandInput): Promise<number>
}

/** Something the caller wrote is wrong: shown without a stack, exit status 2. */
export function usageError(message: string): Error & { readonly code: 'usage' } {
  return Object.assign(new Error(message), { code: 'usage' as const })
}

/** A text option, or undefined. */
export function textOption(input: CommandInput, name: string): string | undefined {
  const value = input.options[name]
  return typeof value === 'string' ? value : undefined
}
