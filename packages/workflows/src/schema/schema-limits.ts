// What a tenant's JSON Schema may be at all. Pure and bounded: runs before any compiler sees the schema.
import { isObject, jsonBytes } from '../json.ts'
import { maxProblems, type Problem, pointerTo } from '../problem.ts'

export const schemaLimits = { bytes: 65_536, depth: 24, nodes: 2_000 } as const

const schemaDialect = 'https://json-schema.org/draft/2020-12/schema'

// They reach outside the document or make its meaning depend on the way it is entered.
const refusedKeywords: ReadonlySet<string> = new Set([
  ...['$id', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor', '$vocabulary', '$async'],
])

/** Everything about the schema that breaks a limit; an empty list lets the compiler look at it. */
export function checkSchemaLimits(schema: unknown): Problem[] {
  if (!isObject(schema)) {
    return [{ pointer: '', code: 'wrong_type', message: 'Make the input schema a JSON object.' }]
  }
  const problems: Problem[] = []
  let nodes = 0

  function walk(value: unknown, pointer: string, depth: number): void {
    nodes += 1
    if (nodes > schemaLimits.nodes || problems.length >= maxProblems) return
    if (depth > schemaLimits.depth) {
      problems.push({
        pointer,
        code: 'too_deep',
        message: `Nest at most ${schemaLimits.depth} levels; move inner parts to "$defs".`,
      })
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        walk(item, pointerTo(pointer, index), depth + 1)
      })
    } else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        const at = pointerTo(pointer, key)
        const problem = checkKey(key, item, at)
        if (problem) problems.push(problem)
        else walk(item, at, depth + 1)
      }
    }
  }

  walk(schema, '', 0)
  const size = jsonBytes(schema)
  if (nodes > schemaLimits.nodes || size > schemaLimits.bytes) {
    const message = `Use at most ${schemaLimits.nodes} values and ${schemaLimits.bytes} bytes in a schema.`
    problems.push({ pointer: '', code: 'too_large', message })
  }
  if (schema.type !== undefined && schema.type !== 'object') {
    const message = 'Set "type": "object"; a payload is always an object.'
    problems.push({ pointer: '/type', code: 'not_allowed', message })
  }
  return problems
}

function checkKey(key: string, item: unknown, pointer: string): Problem | undefined {
  if (key === '__proto__') {
    return {
      pointer,
      code: 'forbidden_key',
      message: 'Rename the key "__proto__"; it is refused everywhere.',
    }
  }
  if (key === '$ref' && typeof item === 'string' && !item.startsWith('#')) {
    const message = `Point to a part of this schema ("#/$defs/…"); ${JSON.stringify(item.slice(0, 80))} is elsewhere.`
    return { pointer, code: 'remote_reference', message }
  }
  if (key === '$schema' && item !== schemaDialect && item !== `${schemaDialect}#`) {
    return { pointer, code: 'not_allowed', message: `Use "${schemaDialect}", or leave "$schema" out.` }
  }
  // A property may have any name: only a keyword's value is not an object or array of subschemas here.
  if (refusedKeywords.has(key) && !isObject(item)) {
    return { pointer, code: 'not_allowed', message: `Leave out "${key}"; it is not supported.` }
  }
  return undefined
}
