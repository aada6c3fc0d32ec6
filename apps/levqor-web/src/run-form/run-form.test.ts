import { describe, expect, it } from 'vitest'
import { fieldsFromSchema } from './fields-from-schema.ts'
import type { FormField } from './form-field.ts'
import { buildPayload, initialValues, valuesOfPayload } from './form-values.ts'
import { inBody, inFormWords, placeProblems, pointersOf } from './place-problems.ts'

const schema = {
  type: 'object',
  required: ['url', 'size', 'tags', 'agree'],
  properties: {
    url: { type: 'string', format: 'uri', title: 'Page', description: 'What to read.' },
    csv: { type: 'string' },
    size: { type: 'integer', default: 3 },
    ratio: { type: 'number' },
    agree: { type: 'boolean' },
    mode: { enum: ['fast', 2, true, null], default: 2 },
    tags: { type: 'array', items: { type: 'string' } },
    rows: { type: 'array', items: { type: 'object' } },
    'a/b~c': {
      type: 'object',
      required: ['depth'],
      properties: { depth: { type: 'number' }, follow_links: { type: 'boolean', default: true } },
    },
    either: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  },
}

function setup() {
  const fields = fieldsFromSchema(schema)
  return {
    fields,
    values: initialValues(fields),
    kinds: Object.fromEntries(fields.map((f) => [f.name, f.kind])),
  }
}

describe('a form from a JSON Schema', () => {
  it('draws each kind of property, and as JSON what it cannot draw', () => {
    expect(setup().kinds).toEqual({
      url: 'text',
      csv: 'text',
      size: 'integer',
      ratio: 'number',
      agree: 'boolean',
      mode: 'choice',
      tags: 'list',
      rows: 'json',
      'a/b~c': 'group',
      either: 'json',
    })
  })

  it('names fields in words and tells long text from short', () => {
    const byName = new Map<string, FormField>(setup().fields.map((field) => [field.name, field]))
    expect(byName.get('url')).toMatchObject({
      label: 'Page',
      help: 'What to read.',
      required: true,
      inputType: 'url',
      long: false,
    })
    expect(byName.get('csv')).toMatchObject({ label: 'CSV', required: false, long: true })
  })

  it('escapes pointers as RFC 6901 wants, through nested objects', () => {
    const group = setup().fields.find((field) => field.kind === 'group')
    expect(group?.kind === 'group' && group.fields.map((field) => field.pointer)).toEqual([
      '/a~1b~0c/depth',
      '/a~1b~0c/follow_links',
    ])
  })

  it('is one JSON field when the schema is not a plain object', () => {
    for (const other of [{}, { type: 'array' }, { type: 'object' }, { type: 'object', allOf: [{}] }]) {
      expect(fieldsFromSchema(other).map((field) => [field.kind, field.pointer])).toEqual([['json', '']])
    }
  })
})

describe('what was typed', () => {
  it('becomes a payload of the right types, leaving out what was left empty', () => {
    const { fields, values } = setup()
    const built = buildPayload(fields, {
      ...values,
      '/url': 'https://a.example',
      '/ratio': '0,5',
      '/tags': ['x', ''],
      '/rows': '[{"a": 1}]',
      '/a~1b~0c/depth': '-2e3',
    })
    expect(built).toEqual({
      ok: true,
      payload: {
        url: 'https://a.example',
        size: 3,
        ratio: 0.5,
        agree: false,
        mode: 2,
        tags: ['x', ''],
        rows: [{ a: 1 }],
        'a/b~c': { depth: -2000, follow_links: true },
      },
    })
  })

  it('lets the server say what is missing: an untouched form builds without complaint', () => {
    const { fields, values } = setup()
    expect(buildPayload(fields, values)).toEqual({
      ok: true,
      payload: { size: 3, agree: false, mode: 2, tags: [], 'a/b~c': { follow_links: true } },
    })
  })

  it('keeps back only what cannot be written as JSON, every problem at its place', () => {
    const { fields, values } = setup()
    const built = buildPayload(fields, { ...values, '/size': 'three', '/either': '{', '/a~1b~0c/depth': ' ' })
    expect(built.ok).toBe(false)
    expect(!built.ok && built.problems.map((problem) => problem.pointer)).toEqual([
      '/size',
      '/a~1b~0c/depth',
      '/either',
    ])
  })

  it('sends a whole payload typed as JSON as it is', () => {
    const fields = fieldsFromSchema({ type: 'array' })
    expect(buildPayload(fields, { '': '[1, 2]' })).toEqual({ ok: true, payload: [1, 2] })
    expect(buildPayload(fields, { '': '' })).toEqual({ ok: true, payload: {} })
  })

  it('begins with what an earlier job was given, and makes the same payload of it', () => {
    const { fields } = setup()
    const payload = {
      url: 'https://example.com',
      size: 0,
      ratio: 0.5,
      agree: true,
      mode: null,
      tags: ['x', ''],
      rows: [{ a: 1 }],
      'a/b~c': { depth: 2, follow_links: false },
      either: 7,
    }
    const values = valuesOfPayload(fields, payload)
    expect(buildPayload(fields, values)).toEqual({ ok: true, payload })
    // A workflow may have changed since: what no longer fits begins as usual.
    const stranger = { size: 'three', mode: 'gone', tags: [{}], 'a/b~c': 4, unknown: true }
    expect(valuesOfPayload(fields, stranger)).toEqual(initialValues(fields))
    expect(valuesOfPayload(fields, 'text')).toEqual(initialValues(fields))
    expect(valuesOfPayload(fieldsFromSchema({ type: 'array' }), [1])).toEqual({ '': '[\n  1\n]' })
  })
})

describe('the server’s messages', () => {
  const pointers = () => pointersOf(setup().fields, (pointer) => (pointer === '/tags' ? 2 : 0))
  const problem = (pointer: string) => ({ pointer, code: 'x', message: `about ${pointer}` })

  it('stand beside the field they are about, also inside lists, groups and JSON', () => {
    const { byField, others } = placeProblems(
      ['/payload/url', '/payload/tags/1', '/payload/a~1b~0c/depth', '/payload/rows/0/a'].map(problem),
      pointers(),
    )
    expect(Object.keys(byField)).toEqual([
      '/payload/url',
      '/payload/tags/1',
      '/payload/a~1b~0c/depth',
      '/payload/rows',
    ])
    expect(others).toEqual([])
  })

  it('name a field by its title, as the form does', () => {
    const { fields } = setup()
    const say = (pointer: string, message: string, code = 'missing') =>
      inFormWords({ pointer, code, message }, fields).message
    expect(say('/payload/url', 'Add "url"; it is required.')).toBe('Add “Page”; it is required.')
    expect(say('/payload/a~1b~0c/depth', 'Add "depth"; it is required together with "follow_links".')).toBe(
      'Add “Depth”; it is required together with “Follow links”.',
    )
    expect(say('/payload/a~1b~0c/url', 'Add "url"; it is required.')).toContain('"url"')
    expect(say('/payload/mode', 'Use one of ["url",2].', 'not_allowed')).toContain('"url"')
  })

  it('do not disappear when they are about something the form does not show', () => {
    const strange = [problem('/payload'), problem('/payload/unknown'), problem('/urls'), problem('')]
    expect(placeProblems(strange, pointers())).toEqual({ byField: {}, others: strange })
  })

  it('are joined by problems found in the browser at the same places', () => {
    expect(inBody(problem('/size')).pointer).toBe('/payload/size')
  })
})
