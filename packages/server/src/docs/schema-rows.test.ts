import { expect, it } from 'vitest'
import { schemaRows, typeName } from './schema-rows.ts'

const text = { type: 'string' }
const field = (name: string, type = 'string') => ({ name, type, required: false, about: '' })
const object = (properties: object, description?: string) => ({
  type: 'object',
  properties,
  ...(description ? { description } : {}),
})

it('shows every form of a union with its fields, under what is said of it', () => {
  const answer = { anyOf: [object({ token: text }, 'For programs'), object({ user: text })] }
  expect(typeName(answer)).toBe('object (2 forms)')
  expect(schemaRows(answer)).toEqual([
    { form: 'Form 1 of 2: For programs' },
    field('token'),
    { form: 'Form 2 of 2' },
    field('user'),
  ])
})

it('shows the forms of a field and of the items of a list, and of a union in a union', () => {
  const either = { oneOf: [object({ a: text }), { anyOf: [object({ b: text }), object({ c: text })] }] }
  expect(schemaRows(object({ one: either, many: { type: 'array', items: either } }))).toEqual([
    field('one', 'object (3 forms)'),
    { form: 'One, form 1 of 3' },
    field('one.a'),
    { form: 'One, form 2 of 3' },
    field('one.b'),
    { form: 'One, form 3 of 3' },
    field('one.c'),
    field('many', 'array of object (3 forms)'),
    { form: 'Many[], form 1 of 3' },
    field('many[].a'),
    { form: 'Many[], form 2 of 3' },
    field('many[].b'),
    { form: 'Many[], form 3 of 3' },
    field('many[].c'),
  ])
})

it('looks through "or null", and takes no form for a union of plain values', () => {
  const inner = object({ id: text })
  const schema = object({
    user: { anyOf: [inner, { type: 'null' }] },
    value: { anyOf: [text, { type: 'number' }] },
  })
  expect(schemaRows(schema)).toEqual([
    field('user', 'object or null'),
    field('user.id'),
    field('value', 'string or number'),
  ])
})
