// A JSON Schema as rows of a table: deep enough to write a request by, shallow enough to read.

export interface SchemaRow {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly about: string
}

const maxDepth = 3

/** The fields of an object schema, nested ones as `parent.child` and `parent[].child`. */
export function schemaRows(schema: unknown, prefix = '', depth = 0): SchemaRow[] {
  const properties = get(schema, 'properties')
  if (typeof properties !== 'object' || properties === null || depth >= maxDepth) return []
  const required = get(schema, 'required')
  return Object.entries(properties).flatMap(([key, property]) => {
    const name = `${prefix}${key}`
    const row = {
      name,
      type: typeName(property),
      required: Array.isArray(required) && required.includes(key),
      about: describeSchemaText(property),
    }
    const inner = nonNull(property)
    const items = get(inner, 'items')
    return [
      row,
      ...(items === undefined
        ? schemaRows(inner, `${name}.`, depth + 1)
        : schemaRows(items, `${name}[].`, depth + 1)),
    ]
  })
}

/** `string`, `integer`, `array of object`, `"low" | "high"`, `string or null`. */
export function typeName(schema: unknown): string {
  const constant = get(schema, 'const')
  if (constant !== undefined) return JSON.stringify(constant)
  const choices = get(schema, 'enum')
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ')
  const union = get(schema, 'anyOf') ?? get(schema, 'oneOf')
  if (Array.isArray(union)) return union.map(typeName).join(' or ')
  const type = get(schema, 'type')
  if (type === 'array') return `array of ${typeName(get(schema, 'items'))}`
  const format = get(schema, 'format')
  if (typeof type === 'string') return typeof format === 'string' ? `${type} (${format})` : type
  return Array.isArray(type) ? type.join(' or ') : 'any'
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
  const union = get(schema, 'anyOf')
  return Array.isArray(union) ? union.find((part) => get(part, 'type') !== 'null') : schema
}

export function get(value: unknown, key: string): unknown {
  // An index into an unknown object: whatever is there stays unknown.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
