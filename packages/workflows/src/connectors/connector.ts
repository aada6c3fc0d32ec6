// What a connector is: one row of the table, from which validation, documentation and the engine read.
import type { Database } from '@levqor/database'
import type { StepEffect } from '@levqor/jobs'
import type { Mailer } from '@levqor/mail'
import type { JsonObject } from '../json.ts'
import type { Sandbox } from '../sandbox/create-sandbox.ts'
import { compileSchema, type SchemaCheck } from '../schema/compile-schema.ts'

export interface Clock {
  now(): number
}

/** Outgoing requests; `createEgress` of `@levqor/guard/egress` is one. */
export interface Egress {
  fetch(
    url: string,
    init: {
      readonly method?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string | Uint8Array
      readonly timeoutMs?: number
      readonly maxBytes?: number
      readonly maxRedirects?: number
      readonly signal?: AbortSignal
    },
  ): Promise<EgressResponse>
}

export interface EgressResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The address that answered, after redirects. */
  readonly url: string
}

/** What connectors may use of the outside. */
export interface ConnectorServices {
  readonly egress: Egress
  readonly sandbox: Sandbox
  readonly database: Database
  readonly mailer: Mailer
  /** The secret (`whsec_…`) with which messages of this workspace are signed. */
  webhookSecret(workspaceId: string): Promise<string>
  readonly clock: Clock
}

export interface ConnectorContext extends ConnectorServices {
  readonly workspaceId: string
  readonly jobId: string
  readonly stepId: string
  readonly workflowName: string
  /** The same for every try of this step of this job, and for nothing else. */
  readonly idempotencyKey: string
  /** When the job was first started, epoch milliseconds; the same for every try. */
  readonly jobStartedAt: number
  readonly requestId: string | undefined
  /** Aborted at the step's time limit and when the job is cancelled. */
  readonly signal: AbortSignal
  /** Payload and outputs of earlier steps, cut down to the steps that the texts name. */
  readable(texts: readonly string[]): unknown
}

export type ConnectorResult =
  | { readonly output: unknown }
  /** Nothing to do before this moment, epoch milliseconds; the worker is free until then. */
  | { readonly output: unknown; readonly waitUntil: number }

/** One kind of step. */
export interface Connector {
  readonly id: string
  readonly title: string
  readonly description: string
  /**
   * What may happen when a crash leaves it unknown whether the step took effect. `idempotent`: it may run again.
   * `keyed`: it may run again with the same idempotency key. `unsafe`: a person decides.
   */
  readonly effect: StepEffect | ((input: Readonly<Record<string, unknown>>) => StepEffect)
  /** JSON Schema 2020-12 of `with`, after templates are rendered. */
  readonly parameters: JsonObject
  /** Parameters that hold an expression instead of a template. */
  readonly languages?: Readonly<Record<string, 'jsonata'>>
  /** Field of the output → what it holds. */
  readonly result: Readonly<Record<string, string>>
  readonly checkInput: SchemaCheck
  /** Price of one finished call, millionths of the currency unit. */
  costMicros(output: unknown): number
  run(context: ConnectorContext, input: Readonly<Record<string, unknown>>): Promise<ConnectorResult>
}

export type ConnectorTable = ReadonlyMap<string, Connector>

export interface ConnectorOptions<I>
  extends Omit<Connector, 'checkInput' | 'costMicros' | 'run' | 'effect' | 'parameters'> {
  readonly effect: StepEffect | ((input: I) => StepEffect)
  readonly parameters: JsonObject
  readonly costMicros?: (output: unknown) => number
  run(context: ConnectorContext, input: I): Promise<ConnectorResult>
}

/** Makes a row of the table. `I` is what `parameters` describes; the engine checks it before every run. */
export function defineConnector<I>(options: ConnectorOptions<I>): Connector {
  const { effect } = options
  return {
    ...options,
    // Inputs reach `run` and `effect` only after checkInput compared them with the schema of I.
    effect: typeof effect === 'function' ? (input) => effect(input as I) : effect,
    run: (context, input) => options.run(context, input as I),
    checkInput: compileSchema(options.parameters),
    costMicros: options.costMicros ?? (() => 0),
  }
}
