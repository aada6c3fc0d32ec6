// Whether a path that a template or expression reads can exist when its step runs.
import { isObject, ownValue } from '../json.ts'
import type { Problem } from '../problem.ts'
import type { Definition } from './definition.ts'

/** What can be read at one place of a definition. */
export interface Readable {
  readonly definition: Definition
  /** Index of the step that reads; the number of steps for `output`. */
  readonly position: number
}

/** @param reference leading names of the path, such as `['steps', 'page', 'body']` */
export function checkReference(
  reference: readonly string[],
  pointer: string,
  { definition, position }: Readable,
): Problem | undefined {
  const [root, name] = reference
  if (root === 'payload') return checkPayloadReference(name, pointer, definition)
  if (root !== 'steps') {
    const message = `Start the path with payload or steps; "${root}" is neither.`
    return { pointer, code: 'missing_reference', message }
  }
  if (name === undefined) {
    return { pointer, code: 'missing_reference', message: 'Name the step: steps.<id>, written out.' }
  }
  const index = definition.steps.findIndex(({ id }) => id === name)
  if (index < 0) {
    const earlier = definition.steps.slice(0, position).map(({ id }) => id)
    const hint =
      earlier.length > 0 ? `Earlier steps: ${earlier.join(', ')}.` : 'No step comes before this one.'
    return { pointer, code: 'missing_reference', message: `There is no step "${name}". ${hint}` }
  }
  if (index >= position) {
    const message = `Step "${name}" has not run here yet; move it before this step, or read an earlier one.`
    return { pointer, code: 'forward_reference', message }
  }
  return undefined
}

function checkPayloadReference(
  name: string | undefined,
  pointer: string,
  { input }: Definition,
): Problem | undefined {
  // Only a closed schema can tell that a property will never come.
  if (name === undefined || input?.additionalProperties !== false || !isObject(input.properties))
    return undefined
  if (ownValue(input.properties, name) !== undefined || input.patternProperties !== undefined)
    return undefined
  const message = `The input schema has no property "${name}"; add it there, or correct the name.`
  return { pointer, code: 'missing_reference', message }
}
