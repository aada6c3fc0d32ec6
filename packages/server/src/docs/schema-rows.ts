// A JSON Schema as rows of a table: deep enough to write a request by, shallow enough to read.

/** One field. */
export interface FieldRow {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly about: string
}

/** A heading: the rows after it are those of one of several forms. */
export interface FormRow {
  readonly form: string
}

export type SchemaRow = FieldRow | FormRow

const maxDepth = 3

/**
 * The fields of an object schema, nested ones as `parent.child` and `parent[].child`; of a union of objects those of each
 * form, under a heading.
 */
export function schemaRows(schema: unknown, prefix = '', depth = 0): SchemaRow[] {
  if (depth >= maxDepth) return []
  const forms = formsOf(schema)
  if (forms.length > 1) {
    const of = prefix === '' ? '' : `${prefix.replace(/\.$/, '')}, `
    return forms.flatMap((form, index) => {
      const about = describeSchemaText(form)
      const heading = `${of}form ${index + 1} of ${forms.length}${about === '' ? '' : `: ${about}`}`
      return [
        { form: heading.slice(0, 1).toUpperCase() + heading.slice(1) },
        ...fieldRows(form, prefix, depth),
      ]
    })
  }
  return fieldRows(forms[0] ?? schema, prefix, depth)
}

function fieldRows(schema: unknown, prefix: string, depth: number): SchemaRow[] {
  const properties = get(schema, 'properties')
  if (typeof properties !== 'object' || properties === null) return []
  const required = get(schema, 'required')
  return Object.entries(properties).flatMap(([key, property]) => {
    const name = `${prefix}${key}`
    const row = {
      name,
      type: typeName(property),
      required: Array.isArray(required) && required.includes(key),
      about: describeSchemaText(property),
    }
    const items = get(nonNull(property), 'items')
    return [
      row,
      ...(items === undefined
        ? schemaRows(property, `${name}.`, depth + 1)
        : schemaRows(items, `${name}[].`, depth + 1)),
    ]
  })
}

/** `string`, `integer`, `array of object`, `"low" | "high"`, `string or null`, `object (2 forms)`. */
export function typeName(schema: unknown): string {
  const constant = get(schema, 'const')
  if (constant !== undefined) return JSON.stringify(constant)
  const choices = get(schema, 'enum')
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ')
  const union = unionOf(schema)
  if (union) return unionName(union)
  const type = get(schema, 'type')
  if (type === 'array') return `array of ${typeName(get(schema, 'items'))}`
  const format = get(schema, 'format')
  if (typeof type === 'string') return typeof format === 'string' ? `${type} (${format})` : type
  return Array.isArray(type) ? type.join(' or ') : 'any'
}

function unionName(union: readonly unknown[]): string {
  const names = Map.groupBy(union.map(typeName), (name) => name)
  return [...names]
    .map(([name, same]) => (name === 'object' && same.length > 1 ? `object (${same.length} forms)` : name))
    .join(' or ')
}

/** The objects of a union; none for what is no union. */
function formsOf(schema: unknown): readonly unknown[] {
  return (unionOf(schema) ?? []).filter((part) => get(part, 'properties') !== undefined)
}

/** The parts of a union, those of unions inside it among them. */
function unionOf(schema: unknown): readonly unknown[] | undefined {
  const union = get(schema, 'anyOf') ?? get(schema, 'oneOf')
  return Array.isArray(union) ? union.flatMap((part) => unionOf(part) ?? [part]) : undefined
}

/** Description, bounds and default in one line. */
export function describeSchemaText(schema: unknown): string {
  const description = get(schema, 'description')
  const fallback = get(schema, 'default')
  const bounds = (['minLength', 'maxLength', 'minimum', 'maximum'] as const).flatMap((key) => {
    const value = get(schema, key)
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
      ? [`${words[key]} ${value}`]
      : []
  })
  const parts = [
    ...(typeof description === 'string' ? [description] : []),
    ...bounds,
    ...(fallback === undefined ? [] : [`default ${JSON.stringify(fallback)}`]),
  ]
  return parts.join('; ')
}

const words = {
  minLength: 'shortest',
  maxLength: 'longest',
  minimum: 'at least',
  maximum: 'at most',
} as const

function nonNull(schema: unknown): unknown {
  const parts = unionOf(schema)?.filter((part) => get(part, 'type') !== 'null')
  return parts?.length === 1 ? parts[0] : schema
}

export function get(value: unknown, key: string): unknown {
  // An index into an unknown object: whatever is there stays unknown.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
