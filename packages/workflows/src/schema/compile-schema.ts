// JSON Schema 2020-12 to a check that reports every problem. Used here for our own schemas and for tenants'
// quick ones, and inside the sandbox for all others.
import { canonicalJson } from '@levqor/database'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'
import { isObject } from '../json.ts'
import { maxProblems, type Problem, pointerTo } from '../problem.ts'
import { describeSchemaErrors } from './describe-schema-error.ts'
import { addBoundedFormats } from './formats.ts'

interface CheckedValue {
  readonly problems: readonly Problem[]
  /** The value with the schema's defaults filled in. The original is not touched. */
  readonly value: unknown
}

export type SchemaCheck = (value: unknown) => CheckedValue

/**
 * @throws Error when the schema is not valid; {@link explainSchema} says why
 * @example compileSchema({ type: 'object', required: ['url'] })({}).problems
 */
export function compileSchema(schema: unknown): SchemaCheck {
  const validate = createAjv().compile(asSchema(schema))
  return (value) => {
    const forbidden = findForbiddenKeys(value)
    if (forbidden.length > 0) return { problems: forbidden, value }
    const copy: unknown = structuredClone(value)
    return validate(copy)
      ? { problems: [], value: copy }
      : { problems: describeSchemaErrors(validate.errors), value }
  }
}

/** Every reason for which the schema cannot be compiled. Pointers lead into the schema. */
export function explainSchema(schema: unknown): Problem[] {
  const ajv = createAjv()
  if (!ajv.validateSchema(asSchema(schema))) return describeSchemaErrors(ajv.errors)
  try {
    ajv.compile(asSchema(schema))
    return []
  } catch (error) {
    const message = error instanceof Error ? error.message.replace('strict mode: ', '') : String(error)
    return [{ pointer: '', code: 'bad_schema', message: `Mend the schema: ${message.slice(0, 300)}.` }]
  }
}

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    // A type may be named by the parent or by another branch; that is good style and no mistake.
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    useDefaults: true,
    verbose: true,
    logger: false,
    inlineRefs: false,
  })
  addBoundedFormats(ajv)
  // The library compares every pair of items: minutes for a hostile list. Equal values have equal canonical texts.
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (unique: boolean, items: readonly unknown[]) =>
      !unique || new Set(items.map(canonicalJson)).size === items.length,
  })
  return ajv
}

function asSchema(schema: unknown): AnySchemaObject {
  // Ajv checks the shape itself; its type only says "some object".
  return schema as AnySchemaObject
}

/** Keys that could reach a prototype if any code ever copied them carelessly. */
function findForbiddenKeys(root: unknown): Problem[] {
  const problems: Problem[] = []
  const stack: { readonly value: unknown; readonly pointer: string }[] = [{ value: root, pointer: '' }]
  for (let next = stack.pop(); next && problems.length < maxProblems; next = stack.pop()) {
    const { value, pointer } = next
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        if (typeof item === 'object') stack.push({ value: item, pointer: pointerTo(pointer, index) })
      })
    } else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        const at = pointerTo(pointer, key)
        if (key === '__proto__') {
          const message = 'Rename the key "__proto__"; it is refused everywhere.'
          problems.push({ pointer: at, code: 'forbidden_key', message })
        } else if (typeof item === 'object') stack.push({ value: item, pointer: at })
      }
    }
  }
  return problems
}
