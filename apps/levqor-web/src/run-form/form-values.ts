// What the reader has typed, by pointer, and how it becomes a payload.
import type { ValidationProblem } from '@levqor/client'
import type { FormField, ScalarKind } from './form-field.ts'

export type FormValue = string | boolean | readonly string[]
export type FormValues = Readonly<Record<string, FormValue>>

export type BuiltPayload =
  | { readonly ok: true; readonly payload: unknown }
  /** Only what cannot be written as JSON at all; everything else is the server's to judge. */
  | { readonly ok: false; readonly problems: readonly ValidationProblem[] }

export function initialValues(fields: readonly FormField[]): FormValues {
  const entries = fields.flatMap((field): [string, FormValue][] =>
    field.kind === 'group' ? Object.entries(initialValues(field.fields)) : [[field.pointer, field.initial]],
  )
  return Object.fromEntries(entries)
}

/** The form as it would have made the payload; where the payload has nothing that fits, as it begins. */
export function valuesOfPayload(fields: readonly FormField[], payload: unknown): FormValues {
  const entries = fields.flatMap((field): [string, FormValue][] => {
    const value = field.pointer === '' ? payload : propertyOf(payload, field.name)
    if (field.kind === 'group') return Object.entries(valuesOfPayload(field.fields, value))
    return [[field.pointer, typedOf(field, value) ?? field.initial]]
  })
  return Object.fromEntries(entries)
}

function typedOf(field: Exclude<FormField, { kind: 'group' }>, value: unknown): FormValue | undefined {
  if (value === undefined) return undefined
  switch (field.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'list':
      return Array.isArray(value) && value.every(isTyped) ? value.map(String) : undefined
    case 'choice': {
      const options: readonly unknown[] = field.options
      const index = options.indexOf(value)
      return index < 0 ? undefined : String(index)
    }
    case 'json':
      return JSON.stringify(value, undefined, 2)
    case 'text':
      return typeof value === 'string' ? value : undefined
    case 'number':
    case 'integer':
      return typeof value === 'number' ? String(value) : undefined
  }
}

function isTyped(item: unknown): boolean {
  return typeof item === 'string' || typeof item === 'number'
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  // Just looked: it is there.
  return (value as Readonly<Record<string, unknown>>)[name]
}

/** Empty optional fields are left out; empty required ones too, so that the server can say what is missing. */
export function buildPayload(fields: readonly FormField[], values: FormValues): BuiltPayload {
  const problems: ValidationProblem[] = []
  const only = fields[0]
  if (only?.kind === 'json' && only.pointer === '') {
    const payload = read(only, values, problems) ?? {}
    return problems.length > 0 ? { ok: false, problems } : { ok: true, payload }
  }
  const payload = objectOf(fields, values, problems) ?? {}
  return problems.length > 0 ? { ok: false, problems } : { ok: true, payload }
}

function objectOf(
  fields: readonly FormField[],
  values: FormValues,
  problems: ValidationProblem[],
): Record<string, unknown> | undefined {
  const entries = fields.flatMap((field): [string, unknown][] => {
    const value = read(field, values, problems)
    return value === undefined ? [] : [[field.name, value]]
  })
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

function read(field: FormField, values: FormValues, problems: ValidationProblem[]): unknown {
  if (field.kind === 'group')
    return objectOf(field.fields, values, problems) ?? (field.required ? {} : undefined)
  const value = values[field.pointer] ?? field.initial
  switch (field.kind) {
    case 'boolean':
      // An untouched optional box stays out, so that the workflow's own default holds.
      return value === true || field.required || field.initial ? value === true : undefined
    case 'list': {
      const texts = Array.isArray(value) ? value.map(String) : []
      const items = texts.map((text, index) =>
        scalarOf(field.items, text, `${field.pointer}/${index}`, problems),
      )
      return items.length > 0 || field.required ? items : undefined
    }
    case 'choice':
      return value === '' ? undefined : field.options[Number(value)]
    case 'json':
      return jsonOf(String(value), field.pointer, problems)
    case 'text':
    case 'number':
    case 'integer':
      return value === '' ? undefined : scalarOf(field.kind, String(value), field.pointer, problems)
  }
}

function scalarOf(kind: ScalarKind, text: string, pointer: string, problems: ValidationProblem[]): unknown {
  if (kind === 'text') return text
  const number = Number(text.trim().replace(',', '.'))
  if (text.trim() !== '' && Number.isFinite(number)) return number
  problems.push({ pointer, code: 'not_a_number', message: 'This is not a number.' })
  return undefined
}

function jsonOf(text: string, pointer: string, problems: ValidationProblem[]): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? `: ${error.message}` : ''
    problems.push({ pointer, code: 'not_json', message: `This is not JSON${reason}` })
    return undefined
  }
}
