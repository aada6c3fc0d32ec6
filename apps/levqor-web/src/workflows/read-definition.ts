// The parts of a definition that a reader wants to see. The language itself belongs to the server: whatever is
// not as expected is passed over here and still shown as JSON.

export interface DefinitionStep {
  readonly id: string
  readonly use: string
  readonly when: string | undefined
  readonly parameters: readonly (readonly [name: string, text: string])[]
}

export interface InputProperty {
  readonly name: string
  readonly kind: string
  readonly required: boolean
  readonly about: string | undefined
}

export function readSteps(definition: Readonly<Record<string, unknown>>): readonly DefinitionStep[] {
  const steps: unknown = definition.steps
  if (!Array.isArray(steps)) return []
  return steps.flatMap((step: unknown) => {
    if (!isRecord(step) || typeof step.id !== 'string' || typeof step.use !== 'string') return []
    const given = isRecord(step.with) ? Object.entries(step.with) : []
    return [
      {
        id: step.id,
        use: step.use,
        when: typeof step.when === 'string' ? step.when : undefined,
        parameters: given.map(([name, value]) => [name, asText(value)] as const),
      },
    ]
  })
}

export function readInput(schema: Readonly<Record<string, unknown>>): readonly InputProperty[] {
  const required: unknown = schema.required
  const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : []
  return properties.map(([name, property]) => ({
    name,
    kind: isRecord(property) ? kindOf(property) : 'anything',
    required: Array.isArray(required) && required.includes(name),
    about: isRecord(property) && typeof property.description === 'string' ? property.description : undefined,
  }))
}

function kindOf(property: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(property.enum)) return property.enum.map((value) => JSON.stringify(value)).join(' or ')
  const type = Array.isArray(property.type) ? property.type.join(' or ') : asText(property.type ?? 'anything')
  return typeof property.format === 'string' ? `${type}, ${property.format}` : type
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
