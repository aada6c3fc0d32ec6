// Reads form fields out of a workflow's input schema.
import { humanize } from '../text/humanize.ts'
import type { FormField, InputType, JsonSchema, Scalar, ScalarKind } from './form-field.ts'

/** Deeper objects are edited as JSON: a form of forms helps nobody. */
const deepestGroup = 2

const inputTypes: Readonly<Record<string, InputType>> = {
  uri: 'url',
  url: 'url',
  'uri-reference': 'text',
  email: 'email',
  date: 'date',
  time: 'time',
}

/**
 * The fields of an object schema, or one JSON field for the whole payload when the schema is something else.
 *
 * @example fieldsFromSchema({ type: 'object', properties: { url: { type: 'string', format: 'uri' } } })
 */
export function fieldsFromSchema(schema: JsonSchema): readonly FormField[] {
  if (isPlainObject(schema)) return propertiesOf(schema, '', 0)
  return [
    {
      kind: 'json',
      pointer: '',
      name: '',
      label: textOf(schema.title) ?? 'Payload',
      help: textOf(schema.description),
      required: false,
      initial: jsonText(schema.default ?? {}),
    },
  ]
}

function propertiesOf(schema: JsonSchema, base: string, depth: number): readonly FormField[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(recordOf(schema.properties)).map(([name, property]) =>
    fieldOf(
      recordOf(property),
      {
        pointer: `${base}/${escapePointer(name)}`,
        name,
        label: textOf(recordOf(property).title) ?? humanize(name),
        help: textOf(recordOf(property).description),
        required: required.includes(name),
      },
      depth,
    ),
  )
}

type Common = Pick<FormField, 'pointer' | 'name' | 'label' | 'help' | 'required'>

function fieldOf(schema: JsonSchema, common: Common, depth: number): FormField {
  const options = choicesOf(schema)
  if (options) return { ...common, kind: 'choice', options, initial: choiceInitial(schema, options) }
  switch (schema.type) {
    case 'string':
      return {
        ...common,
        kind: 'text',
        ...textLook(schema, common.name),
        example: exampleOf(schema),
        initial: textOf(schema.default) ?? '',
      }
    case 'number':
    case 'integer':
      return {
        ...common,
        kind: schema.type,
        initial: typeof schema.default === 'number' ? String(schema.default) : '',
      }
    case 'boolean':
      return { ...common, kind: 'boolean', initial: schema.default === true }
    case 'array': {
      const items = scalarKindOf(recordOf(schema.items))
      if (items) return { ...common, kind: 'list', items, initial: listInitial(schema.default) }
      break
    }
    case 'object':
      if (isPlainObject(schema) && depth < deepestGroup) {
        const fields = propertiesOf(schema, common.pointer, depth + 1)
        if (fields.length > 0) return { ...common, kind: 'group', fields }
      }
  }
  return {
    ...common,
    kind: 'json',
    initial: schema.default === undefined ? '' : jsonText(schema.default),
  }
}

/** Keywords that no plain form can show make it a JSON field. */
function isPlainObject(schema: JsonSchema): boolean {
  const combined = ['oneOf', 'anyOf', 'allOf', '$ref', 'if'].some((keyword) => keyword in schema)
  return schema.type === 'object' && !combined && Object.keys(recordOf(schema.properties)).length > 0
}

function textLook(
  schema: JsonSchema,
  name: string,
): { readonly inputType: InputType; readonly long: boolean } {
  const format = textOf(schema.format) ?? ''
  const known = inputTypes[format]
  if (known) return { inputType: known, long: false }
  if (schema.writeOnly === true) return { inputType: 'password', long: false }
  const maxLength = typeof schema.maxLength === 'number' ? schema.maxLength : 0
  const named = /(^|[_-])(csv|text|body|content|html|markdown|message|note|notes|prompt|template)$/i.test(
    name,
  )
  // Something written for machines (a pattern, a short limit) is never long.
  const long =
    'contentMediaType' in schema ||
    format === 'textarea' ||
    maxLength > 500 ||
    (named && maxLength === 0 && !('pattern' in schema))
  return { inputType: 'text', long }
}

function choicesOf(schema: JsonSchema): readonly Scalar[] | undefined {
  const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : []
  return values.length > 0 && values.every(isScalar) ? values : undefined
}

/** Choices travel through a select element as the index of the option. */
function choiceInitial(schema: JsonSchema, options: readonly Scalar[]): string {
  const index = isScalar(schema.default) ? options.indexOf(schema.default) : -1
  if (index >= 0) return String(index)
  return 'const' in schema ? '0' : ''
}

function scalarKindOf(items: JsonSchema): ScalarKind | undefined {
  if ('enum' in items || 'const' in items) return undefined
  if (items.type === 'string') return 'text'
  if (items.type === 'number' || items.type === 'integer') return items.type
  return undefined
}

function listInitial(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(isScalar).map(String) : []
}

function exampleOf(schema: JsonSchema): string | undefined {
  const examples: unknown = schema.examples
  return Array.isArray(examples) ? textOf(examples[0]) : undefined
}

function isScalar(value: unknown): value is Scalar {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  )
}

function recordOf(value: unknown): JsonSchema {
  // Any object may be looked into by key; what is found stays unknown.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
