// The codes this package throws, and its one factory.

export type WorkflowErrorCode =
  /** A template, expression, schema check or parser ran longer than its time limit. */
  | 'sandbox_timeout'
  /** It needed more memory than it may have. */
  | 'sandbox_memory'
  /** Its result is larger than a step may keep. */
  | 'sandbox_output_too_large'
  /** Too many evaluations of one workspace are waiting. */
  | 'sandbox_busy'
  /** The sandbox was closed, or its process could not be started. */
  | 'sandbox_unavailable'
  /** The template was refused or failed while it was rendered. */
  | 'template_failed'
  /** The JSONata expression was refused or failed while it was evaluated. */
  | 'expression_failed'
  /** The CSV text could not be read. */
  | 'bad_csv'
  /** A selector could not be read. */
  | 'bad_selector'
  /** The rendered parameters of a step do not fit its connector. Details: `{ problems }`. */
  | 'bad_step_input'
  /** A step's input or result is larger than 1 MB. */
  | 'step_too_large'
  | 'step_timeout'
  /** The other side answered with an error status. Details: `{ status, url, body }`. */
  | 'http_status'
  | 'workflow_version_not_found'
  /** The callback address cannot be used. Details: `{ reason }`. */
  | 'bad_callback_url'

export interface WorkflowErrorFacts {
  readonly details?: unknown
  /** Trying again cannot help. */
  readonly final?: boolean
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** An error with a stable code and the facts needed to act. */
export interface WorkflowError extends Error {
  readonly code: WorkflowErrorCode
  readonly details?: unknown
  readonly final?: boolean
  readonly retryAfterMs?: number
}

/** The one place where this package makes its errors. */
export function workflowError(
  code: WorkflowErrorCode,
  message: string,
  { cause, ...facts }: WorkflowErrorFacts = {},
): WorkflowError {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code, ...facts })
}

/** The code of anything thrown, if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
