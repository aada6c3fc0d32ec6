// Everything that can be wrong with a definition is found when it is saved, with its place and what to change.
import { afterAll, describe, expect, it } from 'vitest'
import { connectors } from '../connectors/connector-table.ts'
import { createSandbox } from '../sandbox/create-sandbox.ts'
import { checkDefinition } from './check-definition.ts'
import { definitionLimits } from './definition.ts'

const sandbox = createSandbox({ timeoutMs: 400 })
afterAll(() => sandbox.close())

const check = (document: unknown) => checkDefinition(document, { connectors, sandbox, workspaceId: 'w' })
async function problemsOf(document: unknown) {
  const result = await check(document)
  return result.ok ? [] : result.problems
}

const step = (change: object = {}) => ({ id: 'a', use: 'text.template', with: { text: 'x' }, ...change })
const workflow = (...steps: readonly unknown[]) => ({ name: 'test', steps })
const at = (pointer: string, code: string, message: RegExp = /./) =>
  expect.objectContaining({ pointer, code, message: expect.stringMatching(message) })

describe('the design example', () => {
  it('is accepted as it stands', async () => {
    const result = await check({
      name: 'page-digest',
      input: { type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' } } },
      steps: [
        { id: 'page', use: 'http.request', with: { url: '{{ payload.url }}' } },
        {
          id: 'parts',
          use: 'html.extract',
          with: { html: '{{ steps.page.body }}', select: { title: 'title', links: 'a@href' } },
        },
        {
          id: 'report',
          use: 'email.send',
          when: 'payload.notify',
          with: { to: '{{ payload.notify }}', subject: '{{ steps.parts.title }}' },
        },
      ],
      output: '{{ steps.parts }}',
    })
    expect(result).toMatchObject({ ok: true })
  })
})

describe('shape', () => {
  it.each<[unknown, ReturnType<typeof at>]>([
    [null, at('', 'wrong_type')],
    [[], at('', 'wrong_type')],
    [{ steps: [step()] }, at('/name', 'missing', /Add "name"/)],
    [{ name: 'test' }, at('/steps', 'missing')],
    [workflow(), at('/steps', 'too_short')],
    [{ ...workflow(step()), extra: 1 }, at('/extra', 'unknown_property', /Known: name/)],
    [{ ...workflow(step()), name: 'Bad Name' }, at('/name', 'bad_format')],
    [{ ...workflow(step()), name: `a${'b'.repeat(63)}` }, at('/name', 'bad_format')],
    [workflow(step({ id: 'with-dash' })), at('/steps/0/id', 'bad_format')],
    [workflow(step({ id: 'constructor' })), at('/steps/0/id', 'bad_format')],
    [workflow(step({ id: '__proto__' })), at('/steps/0/id', 'bad_format')],
    [workflow(step({ timeoutMs: 99 })), at('/steps/0/timeoutMs', 'out_of_range')],
    [workflow(step({ when: 7 })), at('/steps/0/when', 'wrong_type')],
    [
      JSON.parse('{"name":"test","steps":[{"id":"a","use":"text.template","with":{"__proto__":{"x":1}}}]}'),
      at('/steps/0/with/__proto__', 'forbidden_key'),
    ],
  ])('%j', async (document, expected) => {
    expect(await problemsOf(document)).toContainEqual(expected)
  })

  it('50 steps are accepted, 51 are not', async () => {
    const many = (count: number) =>
      workflow(...Array.from({ length: count }, (_, n) => step({ id: `s${n}` })))
    expect(await problemsOf(many(50))).toEqual([])
    expect(await problemsOf(many(51))).toEqual([at('/steps', 'too_long')])
  })

  it('too many bytes and too deep a nesting are refused before anything reads them', async () => {
    const large = workflow(step({ with: { text: 'x'.repeat(definitionLimits.bytes) } }))
    expect(await problemsOf(large)).toEqual([at('', 'too_large')])
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)
    expect(await problemsOf({ ...workflow(step()), output: deep })).toEqual([
      at(`/output${'/a'.repeat(16)}`, 'too_deep'),
    ])
  })
})

describe('the graph', () => {
  it('reports every problem of every step at once', async () => {
    const problems = await problemsOf(
      workflow(
        step({ id: 'a', with: { text: '{{ steps.b.text }}' } }),
        step({ id: 'b', with: { text: 'for {{ steps.missing.text }}', extra: 1 } }),
        { id: 'b', use: 'http.reqest', with: {} },
        { id: 'c', use: 'http.request' },
      ),
    )
    expect(problems).toEqual(
      expect.arrayContaining([
        at('/steps/0/with/text', 'forward_reference', /"b" has not run/),
        at('/steps/1/with/text', 'missing_reference', /no step "missing". Earlier steps: a/),
        at('/steps/1/with/extra', 'unknown_parameter', /Known: text/),
        at('/steps/2/id', 'duplicate_step_id'),
        at('/steps/2/use', 'unknown_connector', /http\.request/),
        at('/steps/3/with/url', 'missing_parameter'),
      ]),
    )
    expect(problems).toHaveLength(6)
  })

  it.each([
    ['itself', '{{ steps.a.text }}', 'forward_reference'],
    ['inside a loop', '{% for x in steps.later.rows %}{{ x }}{% endfor %}', 'missing_reference'],
    ['by bracket', '{{ steps["later"].text }}', 'missing_reference'],
    ['by a computed name', '{{ steps[payload.id].text }}', 'missing_reference'],
    ['all steps', '{{ steps }}', 'missing_reference'],
    ['an unknown root', '{{ page.body }}', 'missing_reference'],
    ['an unknown root in a filter', '{{ payload.x | default: page.y }}', 'missing_reference'],
  ])('a template that reads %s', async (_name, text, code) => {
    expect(await problemsOf(workflow(step({ with: { text } })))).toEqual([at('/steps/0/with/text', code)])
  })

  it.each([
    ['steps.later.ok', 'missing_reference'],
    ['$count(steps.later.rows) > 1', 'missing_reference'],
    ['$$.steps.later', 'missing_reference'],
    ['notify', 'missing_reference'],
    ['payload.a and steps.a.text', 'forward_reference'],
    ['{ "x": steps.later }', 'missing_reference'],
  ])('a condition that reads %s', async (when, code) => {
    expect(await problemsOf(workflow(step({ when })))).toEqual([at('/steps/0/when', code)])
  })

  it.each([
    'payload.rows[state = "new"].id',
    'payload.rows.(steps & "x")',
    '$map(payload.rows, function($row) { $row.steps.anything })',
    '($list := payload.rows; $count($list))',
    'payload.rows{ region: $sum(amount) }',
    'payload.rows^(>amount)[0]',
    '$exists(payload.x) ? payload.x : 3',
    'payload.rows ~> $count()',
    'payload.`odd name`',
  ])('no false alarm on %s', async (when) => {
    expect(await problemsOf(workflow(step({ when })))).toEqual([])
  })

  it('no false alarm on names that a template makes itself', async () => {
    const text =
      '{% assign sum = 0 %}{% for row in payload.rows %}{{ forloop.index }}{{ row.a }}{% assign sum = sum | plus: row.a %}{% endfor %}{{ sum }}{% if sum == empty %}-{% endif %}'
    expect(await problemsOf(workflow(step({ with: { text } })))).toEqual([])
  })

  it('a closed input schema knows which payload properties cannot exist', async () => {
    const closed = {
      ...workflow(step({ with: { text: '{{ payload.ulr }} {{ payload.url }}' } })),
      input: { type: 'object', additionalProperties: false, properties: { url: { type: 'string' } } },
    }
    expect(await problemsOf(closed)).toEqual([at('/steps/0/with/text', 'missing_reference', /"ulr"/)])
  })

  it('the output may read every step', async () => {
    expect(await problemsOf({ ...workflow(step()), output: { a: '{{ steps.a.text }}' } })).toEqual([])
    expect(await problemsOf({ ...workflow(step()), output: ['{{ steps.b.text }}'] })).toEqual([
      at('/output/0', 'missing_reference'),
    ])
  })
})

describe('syntax', () => {
  it.each([
    ['{{ payload.x | nofilter }}', /nofilter/],
    ['{% if payload.x %}', /not closed/],
    ['{% include "x" %}', /include/],
    ['{{ payload.x', /not closed/],
  ])('the template %s', async (text, message) => {
    expect(await problemsOf(workflow(step({ with: { text } })))).toEqual([
      at('/steps/0/with/text', 'bad_template', message),
    ])
  })

  it('conditions and expressions', async () => {
    const problems = await problemsOf(
      workflow(step({ when: 'payload.x >' }), {
        id: 'b',
        use: 'data.transform',
        with: { expression: '$sum(payload.rows' },
      }),
    )
    expect(problems).toEqual([
      at('/steps/0/when', 'bad_expression', /JSONata/),
      at('/steps/1/with/expression', 'bad_expression'),
    ])
  })

  it('an expression is no template, but may be one lone path', async () => {
    const transform = (expression: string) =>
      workflow({ id: 'a', use: 'data.transform', with: { expression } })
    expect(await problemsOf(transform('{"a": {"b": payload.x}}'))).toEqual([])
    expect(await problemsOf(transform('{{ payload.expression }}'))).toEqual([])
    expect(await problemsOf(transform('{{ steps.none.x }}'))).toEqual([
      at('/steps/0/with/expression', 'missing_reference'),
    ])
  })

  it('with data of its own an expression may use any names', async () => {
    const own = {
      id: 'a',
      use: 'data.transform',
      with: { data: '{{ payload.rows }}', expression: '$sum(amount)' },
    }
    expect(await problemsOf(workflow(own))).toEqual([])
  })
})

describe('parameters that are fixed', () => {
  const request = (parameters: object) =>
    workflow({ id: 'a', use: 'http.request', with: { url: 'https://a.example', ...parameters } })

  it.each<[object, string, string]>([
    [{ timeoutMs: 'soon' }, '/timeoutMs', 'wrong_type'],
    [{ timeoutMs: '{{ payload.t }} ' }, '/timeoutMs', 'wrong_type'],
    [{ timeoutMs: 5 }, '/timeoutMs', 'out_of_range'],
    [{ method: 'FETCH' }, '/method', 'not_allowed'],
    [{ url: 'not a url' }, '/url', 'bad_format'],
    [{ url: 'ftp://a.example' }, '/url', 'bad_format'],
    [{ headers: { a: 1 } }, '/headers/a', 'wrong_type'],
    [{ headers: { 'a b': 'x' } }, '/headers/a b', 'bad_name'],
  ])('%j', async (parameters, pointer, code) => {
    expect(await problemsOf(request(parameters))).toContainEqual(at(`/steps/0/with${pointer}`, code))
  })

  it.each([
    { timeoutMs: '{{ payload.t }}' },
    { url: '{{ payload.base }}/x' },
    { method: '{{ payload.m }}' },
    { headers: { a: 'Bearer {{ payload.token }}' } },
    { headers: '{{ payload.headers }}' },
    { body: { deep: [{ x: '{{ payload.x }}' }] } },
  ])('nothing is said about what a template decides: %j', async (parameters) => {
    expect(await problemsOf(request(parameters))).toEqual([])
  })

  it.each([
    ['{{ payload.s }}'],
    [{ first: '{{ payload.s }}' }],
    [['{{ payload.s }}']],
    ['a[href="{{ payload.s }}"]@href'],
  ])('a selector from the payload: %j', async (selector) => {
    const extract = { id: 'a', use: 'html.extract', with: { html: '<p>', select: { x: selector } } }
    expect(await problemsOf(workflow(extract))).toEqual([])
  })

  it('a selector of no known form is refused', async () => {
    const extract = { id: 'a', use: 'html.extract', with: { html: '<p>', select: { x: { last: 'p' } } } }
    expect(await problemsOf(workflow(extract))).not.toEqual([])
  })
})

describe('the input schema', () => {
  const withInput = (input: unknown) => ({ ...workflow(step()), input })

  it.each<[unknown, string, string]>([
    [{ type: 'objekt' }, '/input/type', 'not_allowed'],
    [{ type: 'array' }, '/input/type', 'not_allowed'],
    [{ properties: { a: { type: 'nummer' } } }, '/input/properties/a/type', 'bad_schema'],
    [{ properties: { a: { format: 'nope' } } }, '/input', 'bad_schema'],
    [{ properties: { a: { pattern: '(' } } }, '/input', 'bad_schema'],
    [{ $ref: 'https://example.com/schema.json' }, '/input/$ref', 'remote_reference'],
    [{ $ref: 'other.json' }, '/input/$ref', 'remote_reference'],
    [{ $ref: '#/$defs/none' }, '/input', 'bad_schema'],
    [{ $id: 'https://example.com/x' }, '/input/$id', 'not_allowed'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '/input/$schema', 'not_allowed'],
    [{ unknownKeyword: 1 }, '/input', 'bad_schema'],
    [JSON.parse(`${'{"not":'.repeat(30)}{}${'}'.repeat(30)}`), `/input${'/not'.repeat(25)}`, 'too_deep'],
    [{ enum: Array.from({ length: 2_001 }, (_, n) => n) }, '/input', 'too_large'],
    [
      JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'),
      '/input/properties/__proto__',
      'forbidden_key',
    ],
  ])('%j', async (input, pointer, code) => {
    expect(
      (await problemsOf(withInput(input))).map((problem) => [problem.pointer, problem.code]),
    ).toContainEqual([pointer, code])
  })

  it('accepts what a form needs', async () => {
    const input = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Order',
      type: 'object',
      required: ['id'],
      properties: {
        id: { $ref: '#/$defs/id' },
        mail: { type: 'string', format: 'email', examples: ['a@b.example'] },
        count: { type: 'integer', minimum: 1, default: 1 },
        tags: { type: 'array', uniqueItems: true, items: { enum: ['a', 'b'] } },
      },
      $defs: { id: { type: 'string', pattern: '^[A-Z]{2}\\d+$' } },
    }
    expect(await problemsOf(withInput(input))).toEqual([])
  })
})
