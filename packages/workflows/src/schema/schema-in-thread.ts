// The sandbox side of schema work (see operations.ts): everything a tenant's schema can do happens here.
import type { SandboxOperations } from '../sandbox/operations.ts'
import { compileSchema, explainSchema, type SchemaCheck } from './compile-schema.ts'

// A thread sees the same few schemas again and again; compiling costs more than checking.
const compiled = new Map<string, SchemaCheck>()
const maxCompiled = 20

export function checkSchemaInThread({ schema }: SandboxOperations['checkSchema']['input']) {
  return explainSchema(schema)
}

export function validateInThread({ schema, value }: SandboxOperations['validate']['input']) {
  const text = JSON.stringify(schema)
  const check = compiled.get(text) ?? compileSchema(schema)
  compiled.delete(text)
  compiled.set(text, check)
  const oldest = compiled.keys().next()
  if (compiled.size > maxCompiled && !oldest.done) compiled.delete(oldest.value)
  return check(value)
}
