// What a caller gets when the server says no, or does not answer.
import { type ProblemDocument, problem } from './contracts/problem.ts'

/** A problem document as an error; `code` is stable, `requestId` helps whoever runs the server. */
export class LevqorError extends Error {
  override readonly name = 'LevqorError'
  readonly code: string
  readonly status: number
  readonly problem: ProblemDocument

  constructor(document: ProblemDocument) {
    super(document.detail)
    this.code = document.code
    this.status = document.status
    this.problem = document
  }

  /** Seconds to wait before the next try, when the server said so. */
  get retryAfter(): number | undefined {
    return this.problem.retry_after
  }
}

/** Reads the error out of a response, whatever its body is. */
export async function errorFrom(response: Response): Promise<LevqorError> {
  const text = await response.text()
  const parsed = problem.safeParse(parseJson(text))
  if (parsed.success) return new LevqorError(parsed.data)
  return new LevqorError({
    type: 'about:blank',
    title: response.statusText || 'Unexpected answer',
    status: response.status,
    detail: `The server answered ${response.status} without a problem document. Is this a Levqor address?`,
    code: 'unexpected_answer',
    request_id: response.headers.get('x-request-id') ?? '',
  })
}

/** A network failure, in the same shape. */
export function unreachable(url: string, cause: unknown): LevqorError {
  const error = new LevqorError({
    type: 'about:blank',
    title: 'Unreachable',
    status: 0,
    detail: `No answer from ${url}. Is the server running, and is the address right?`,
    code: 'unreachable',
    request_id: '',
  })
  error.cause = cause
  return error
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the caller then reports an unexpected answer.
    return undefined
  }
}
