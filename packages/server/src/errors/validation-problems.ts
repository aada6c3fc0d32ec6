// What Zod found, in the caller's terms: every problem, each with a pointer and a stable code.
import type { z } from 'zod'
import type { Problem } from './service-error.ts'

type Issue = z.core.$ZodIssue

/** How the place of a problem is written: a JSON pointer into the body, or the bare name of a parameter. */
export type Place = 'body' | 'parameter'

/** All problems of a failed parse. Unknown fields are named one by one. */
export function problemsOf(error: z.ZodError, place: Place): Problem[] {
  return error.issues.flatMap((issue) => fromIssue(issue, place))
}

function fromIssue(issue: Issue, place: Place): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key], place),
      code: 'unknown_field',
      message: place === 'body' ? 'This field is not known here.' : 'This parameter is not known here.',
    }))
  }
  return [{ pointer: pointerTo(issue.path, place), code: codeOf(issue), message: messageOf(issue) }]
}

function codeOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return isMissing(issue) ? 'required' : 'wrong_type'
    case 'too_big':
    case 'too_small':
    case 'invalid_value':
    case 'invalid_format':
    case 'not_multiple_of':
      return issue.code
    case 'custom':
      return typeof issue.params?.code === 'string' ? issue.params.code : 'invalid_value'
    default:
      return 'invalid_value'
  }
}

function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_type' && isMissing(issue)) return 'This is required.'
  return issue.message.slice(0, 300)
}

// Zod leaves the input out of its issues by default; its message is the only place that tells an absent value.
function isMissing(issue: Issue): boolean {
  return issue.input === undefined && /received undefined$/.test(issue.message)
}

function pointerTo(path: readonly PropertyKey[], place: Place): string {
  if (place === 'parameter') return path.map(String).join('.')
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
