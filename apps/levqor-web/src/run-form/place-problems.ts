// Which message belongs beside which field: the server speaks in JSON pointers into the request body.
import type { ValidationProblem } from '@levqor/client'
import type { FormField } from './form-field.ts'

export interface PlacedProblems {
  /** Messages by field pointer; for items of a list, by the item's own pointer. */
  readonly byField: Readonly<Record<string, readonly string[]>>
  /** Messages about nothing on the form. */
  readonly others: readonly ValidationProblem[]
}

/** Where the payload stands in the body of the intake. */
export const payloadPointer = '/payload'

/**
 * @param pointers what the form shows, as pointers into the body
 */
export function placeProblems(
  problems: readonly ValidationProblem[],
  pointers: readonly string[],
): PlacedProblems {
  const byField: Record<string, string[]> = {}
  const others: ValidationProblem[] = []
  for (const problem of problems) {
    const place = pointers
      .filter((pointer) => problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`))
      .sort((a, b) => b.length - a.length)[0]
    if (place === undefined) others.push(problem)
    else {
      byField[place] = [...(byField[place] ?? []), problem.message]
    }
  }
  return { byField, others }
}

/** Every pointer of the form's fields, as pointers into the body. Lists count their items. */
export function pointersOf(
  fields: readonly FormField[],
  lengthOf: (pointer: string) => number,
): readonly string[] {
  return fields.flatMap((field) => {
    const pointer = payloadPointer + field.pointer
    if (field.kind === 'group') return [pointer, ...pointersOf(field.fields, lengthOf)]
    if (field.kind !== 'list') return [pointer]
    return [pointer, ...Array.from({ length: lengthOf(field.pointer) }, (_, index) => `${pointer}/${index}`)]
  })
}

// Their messages name properties of the payload; what is allowed as a value is no name.
const naming: ReadonlySet<string> = new Set(['missing', 'unknown_property', 'bad_name'])

/** The message with the titles of fields where the server, which knows none, has named their properties. */
export function inFormWords(problem: ValidationProblem, fields: readonly FormField[]): ValidationProblem {
  if (!naming.has(problem.code)) return problem
  const parent = problem.pointer.slice(0, problem.pointer.lastIndexOf('/'))
  const siblings = fieldsUnder(parent, fields)
  const message = problem.message.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
    const label = siblings.find((field) => JSON.stringify(field.name) === quoted)?.label
    return label === undefined ? quoted : `“${label}”`
  })
  return { ...problem, message }
}

function fieldsUnder(pointer: string, fields: readonly FormField[]): readonly FormField[] {
  if (pointer === payloadPointer) return fields
  return fields.flatMap((field) => {
    if (field.kind !== 'group') return []
    return pointer === payloadPointer + field.pointer ? field.fields : fieldsUnder(pointer, field.fields)
  })
}

/** A problem found in the browser, moved to where the server would report it. */
export function inBody(problem: ValidationProblem): ValidationProblem {
  return { ...problem, pointer: payloadPointer + problem.pointer }
}
