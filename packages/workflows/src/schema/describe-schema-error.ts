// The validator's findings in the words of somebody who has to mend a document.
import type { ErrorObject } from 'ajv'
import { maxProblems, type Problem, pointerTo } from '../problem.ts'

type Params = Readonly<Record<string, unknown>>

interface Phrase {
  readonly code: string
  /** A property name to append to the pointer. */
  readonly child?: (params: Params) => unknown
  readonly say: (params: Params, error: ErrorObject) => string
}

const formats: Readonly<Record<string, string>> = {
  uri: 'Write the full address, such as https://example.com.',
  email: 'Write one e-mail address, such as ada@example.com.',
}

const quote = (value: unknown) => JSON.stringify(value)?.slice(0, 200) ?? String(value)

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const phrases: Readonly<Record<string, Phrase>> = {
  required: {
    code: 'missing',
    child: (params) => params.missingProperty,
    say: (params) => `Add ${quote(params.missingProperty)}; it is required.`,
  },
  additionalProperties: {
    code: 'unknown_property',
    child: (params) => params.additionalProperty,
    say: (params, error) => {
      const known = Object.keys(error.parentSchema?.properties ?? {})
      const hint = known.length > 0 && known.length <= 20 ? ` Known: ${known.join(', ')}.` : ''
      return `Remove ${quote(params.additionalProperty)}; it is not known here.${hint}`
    },
  },
  unevaluatedProperties: {
    code: 'unknown_property',
    child: (params) => params.unevaluatedProperty,
    say: (params) => `Remove ${quote(params.unevaluatedProperty)}; it is not known here.`,
  },
  dependentRequired: {
    code: 'missing',
    child: (params) => params.missingProperty,
    say: (params) =>
      `Add ${quote(params.missingProperty)}; it is required together with ${quote(params.property)}.`,
  },
  propertyNames: {
    code: 'bad_name',
    child: (params) => params.propertyName,
    say: (params) => `Rename ${quote(params.propertyName)}; the name is not allowed.`,
  },
  type: {
    code: 'wrong_type',
    say: (params, error) => `Use ${[params.type].flat().join(' or ')}; this is ${kindOf(error.data)}.`,
  },
  enum: { code: 'not_allowed', say: (params) => `Use one of ${quote(params.allowedValues)}.` },
  const: { code: 'not_allowed', say: (params) => `Use ${quote(params.allowedValue)}.` },
  format: {
    code: 'bad_format',
    say: (params) => formats[String(params.format)] ?? `Use the format ${quote(params.format)}.`,
  },
  pattern: { code: 'bad_format', say: (params) => `Use a text that matches ${quote(params.pattern)}.` },
  minLength: { code: 'too_short', say: (params) => `Use at least ${params.limit} characters.` },
  maxLength: { code: 'too_long', say: (params) => `Use at most ${params.limit} characters.` },
  minItems: { code: 'too_short', say: (params) => `Use at least ${params.limit} items.` },
  maxItems: { code: 'too_long', say: (params) => `Use at most ${params.limit} items.` },
  minProperties: { code: 'too_short', say: (params) => `Use at least ${params.limit} properties.` },
  maxProperties: { code: 'too_long', say: (params) => `Use at most ${params.limit} properties.` },
  minimum: { code: 'out_of_range', say: (params) => `Use ${params.limit} or more.` },
  maximum: { code: 'out_of_range', say: (params) => `Use ${params.limit} or less.` },
  exclusiveMinimum: { code: 'out_of_range', say: (params) => `Use more than ${params.limit}.` },
  exclusiveMaximum: { code: 'out_of_range', say: (params) => `Use less than ${params.limit}.` },
  multipleOf: { code: 'out_of_range', say: (params) => `Use a multiple of ${params.multipleOf}.` },
  anyOf: { code: 'no_form_fits', say: () => 'Use one of the allowed forms.' },
  oneOf: { code: 'no_form_fits', say: () => 'Use exactly one of the allowed forms.' },
  uniqueItems: { code: 'not_unique', say: () => 'Remove the repeated items.' },
}

/** One problem per finding, without repetitions, at most a hundred. */
export function describeSchemaErrors(errors: readonly ErrorObject[] | null | undefined): Problem[] {
  const problems = new Map<string, Problem>()
  for (const error of errors ?? []) {
    // The branches of an `if` report by themselves; this finding only says that one of them did.
    if (error.keyword === 'if') continue
    const problem = describe(error)
    problems.set(`${problem.pointer} ${problem.message}`, problem)
    if (problems.size >= maxProblems) break
  }
  return [...problems.values()]
}

function describe(error: ErrorObject): Problem {
  const phrase = phrases[error.keyword]
  if (!phrase) {
    return {
      pointer: error.instancePath,
      code: 'not_allowed',
      message: `This ${error.message ?? 'is not allowed'}.`,
    }
  }
  const child = phrase.child?.(error.params)
  const pointer = typeof child === 'string' ? pointerTo(error.instancePath, child) : error.instancePath
  return { pointer, code: phrase.code, message: phrase.say(error.params, error) }
}
