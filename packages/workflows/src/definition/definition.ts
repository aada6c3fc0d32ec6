// The shape of a workflow as a person writes it. Immutable once it is published as a version.
import type { Json, JsonObject } from '../json.ts'

export interface Definition {
  /** Unique in its workspace; saving under the same name makes the next version. */
  readonly name: string
  /** For people. */
  readonly title?: string
  readonly description?: string
  /** JSON Schema 2020-12 of the payload. Without it any object is accepted. */
  readonly input?: JsonObject
  readonly steps: readonly StepDefinition[]
  /** Any JSON with templates. Without it the result is the output of the last step. */
  readonly output?: Json
}

export interface StepDefinition {
  readonly id: string
  /** Id of the connector. */
  readonly use: string
  /** Parameters of the connector, with templates. */
  readonly with?: JsonObject
  /** JSONata; when it is not true the step is skipped and its output is null. */
  readonly when?: string
  /** Longest time of one try, milliseconds. Default 60,000. */
  readonly timeoutMs?: number
}

export const definitionLimits = {
  bytes: 131_072,
  steps: 50,
  depth: 16,
  defaultStepTimeoutMs: 60_000,
  longestStepTimeoutMs: 900_000,
} as const
