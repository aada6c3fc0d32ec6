// What is kept of whatever a task threw.
import type { ErrorFacts } from '../job-error.ts'

/** Characters of a message; a longer one is a response body that somebody threw. */
const messageLength = 2_000

export interface ThrownFacts extends ErrorFacts {
  readonly final: boolean
  readonly retryAfterMs: number | undefined
}

export function factsOf(thrown: unknown): ThrownFacts {
  if (!(thrown instanceof Error)) {
    return { code: 'task_failed', message: clip(String(thrown)), final: false, retryAfterMs: undefined }
  }
  const code =
    'code' in thrown && typeof thrown.code === 'string' && thrown.code !== '' ? thrown.code : 'task_failed'
  const retryAfterMs =
    'retryAfterMs' in thrown &&
    typeof thrown.retryAfterMs === 'number' &&
    Number.isFinite(thrown.retryAfterMs)
      ? thrown.retryAfterMs
      : undefined
  return {
    code,
    message: clip(thrown.message || thrown.name),
    ...('details' in thrown && thrown.details !== undefined ? { details: thrown.details } : {}),
    final: 'final' in thrown && thrown.final === true,
    retryAfterMs,
  }
}

function clip(text: string): string {
  return text.length > messageLength ? `${text.slice(0, messageLength)}…` : text
}
