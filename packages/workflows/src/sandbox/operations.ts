// What the sandbox can do: the table that its caller, its process and its thread agree on.
import type { Problem } from '../problem.ts'
import type { SelectSpec } from './extract-html.ts'

export interface SandboxOperations {
  /** Liquid templates over one scope; one text per template. */
  readonly render: {
    readonly input: { readonly templates: readonly string[]; readonly scope: unknown }
    readonly output: readonly string[]
  }
  /** A JSONata expression. `as: 'boolean'` applies JSONata's own notion of truth. */
  readonly evaluate: {
    readonly input: { readonly expression: string; readonly data: unknown; readonly as?: 'boolean' }
    readonly output: unknown
  }
  /** Syntax and references of templates and expressions, without running them. */
  readonly analyse: {
    readonly input: { readonly templates: readonly string[]; readonly expressions: readonly string[] }
    readonly output: { readonly templates: readonly Analysis[]; readonly expressions: readonly Analysis[] }
  }
  /** Compiles a JSON Schema of a tenant and reports what is wrong with it. */
  readonly checkSchema: {
    readonly input: { readonly schema: unknown }
    readonly output: readonly Problem[]
  }
  /** Checks a value against a JSON Schema of a tenant and fills in the defaults. */
  readonly validate: {
    readonly input: { readonly schema: unknown; readonly value: unknown }
    readonly output: { readonly problems: readonly Problem[]; readonly value: unknown }
  }
  readonly parseCsv: {
    readonly input: {
      readonly text: string
      readonly delimiter?: string
      readonly header: boolean
      readonly numbers: boolean
    }
    readonly output: {
      readonly columns: readonly string[]
      readonly rows: readonly unknown[]
      readonly count: number
    }
  }
  readonly extractHtml: {
    readonly input: {
      readonly html: string
      readonly select: Readonly<Record<string, SelectSpec>>
      readonly baseUrl?: string
    }
    readonly output: Readonly<Record<string, unknown>>
  }
}

/** Either why the text cannot be used, or the paths it reads (`['steps', 'page', 'body']`). */
export type Analysis = { readonly error: string } | { readonly references: readonly (readonly string[])[] }

export type OperationName = keyof SandboxOperations

/** From the caller to the sandbox process. Values travel as JSON text: nothing but data can cross. */
export interface SandboxRequest {
  readonly id: number
  readonly operation: OperationName
  readonly input: string
}

export type SandboxReply =
  | { readonly id: number; readonly output: string }
  /** `isLast`: the process must be ended and not be asked again. */
  | { readonly id: number; readonly failure: SandboxFailure; readonly isLast?: true }

export interface SandboxFailure {
  readonly code: string
  readonly message: string
}

/** Sent to the process as its only argument. */
export interface SandboxLimits {
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly outputBytes: number
}

/** From the thread to its process. `started` marks the moment from which the tenant's time counts. */
export type ThreadMessage = { readonly ready: true } | { readonly started: number } | SandboxReply
