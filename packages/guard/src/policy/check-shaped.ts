// First what a value looks like, then what it means: every problem of both at once.
import { describeValue, onOneLine } from './describe-value.ts'
import type { PolicyProblem } from './policy.ts'
import { type Reading, readShape, type Shape } from './shape.ts'

/**
 * Every problem of a value from anywhere. `check` gets a plain copy whose types are right; what it says about a place
 * whose type was wrong is left out, because it says so of a stand-in. `name` is for the whole where `path` is empty.
 */
export function checkShaped<T>(
  shape: Shape<T>,
  value: unknown,
  path: string,
  check: (sound: T, path: string, isBroken: (path: string) => boolean) => readonly PolicyProblem[],
  name = path,
): PolicyProblem[] {
  const reading: Reading = { problems: [], values: new Map(), broken: new Set() }
  // The shape says so, and the compiler holds it against T.
  const sound = readShape(shape, value, path, reading) as T
  const { problems, values, broken } = reading
  // A judgement on a whole, part of which is not known, is none either.
  const around = new Set([...broken].flatMap(pathsAbove))
  const isBroken = (at: string) => broken.has(at) || pathsAbove(at).some((above) => broken.has(above))
  const trusted = (at: string) => !around.has(at) && !isBroken(at)
  if (!isBroken(path)) {
    for (const problem of check(sound, path, isBroken)) {
      if (trusted(problem.path)) problems.push(withFound(problem, values))
    }
  }
  return problems.map((problem) => (problem.path === '' ? { ...problem, path: name } : problem))
}

/** A problem as one line that reads as a sentence. */
function formatProblem({ path, found, code, fix }: PolicyProblem): string {
  return onOneLine(`${path}${found === undefined ? '' : ` = ${found}`}: ${code}. ${fix}`)
}

/** All problems under each other. Nobody mends more than a screenful at a time; `details` has every one. */
export function formatProblems(problems: readonly PolicyProblem[]): string {
  const lines = problems.slice(0, mostLines).map(formatProblem)
  const more = problems.length - lines.length
  return [...lines, ...(more > 0 ? [`and ${more.toLocaleString('en')} more.`] : [])].join('\n')
}

const mostLines = 200

function withFound(problem: PolicyProblem, values: ReadonlyMap<string, unknown>): PolicyProblem {
  const found = describeValue(values.get(problem.path))
  return found === undefined ? problem : { ...problem, found }
}

/** `a`, `a.b` for `a.b[0]`. */
function pathsAbove(path: string): string[] {
  return [...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index))
}
