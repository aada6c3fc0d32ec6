// Payloads at intake: every problem with its pointer, defaults filled in, and no schema that can hang the server.
import { afterAll, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../sandbox/create-sandbox.ts'
import { createPayloadChecker } from './check-payload.ts'

const sandbox = createSandbox({ timeoutMs: 400 })
afterAll(() => sandbox.close())

let versions = 0
const check = (schema: unknown, payload: unknown, on: Sandbox = sandbox) =>
  createPayloadChecker(on)({ versionId: `v${++versions}`, schema, payload, workspaceId: 'w' })
async function problemsOf(schema: unknown, payload: unknown) {
  const result = await check(schema, payload)
  return result.ok ? [] : result.problems.map(({ pointer, code }) => [pointer, code])
}

/** A sandbox that must not be asked. */
const forbidden: Sandbox = {
  run: async () => {
    throw new Error('The sandbox was used.')
  },
  processes: 0,
  close: async () => undefined,
}

const order = {
  type: 'object',
  required: ['id', 'customer'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[A-Z]{2}\\d+$' },
    customer: {
      type: 'object',
      required: ['mail'],
      properties: { mail: { type: 'string', format: 'email' }, 'a/b~c': { type: 'integer' } },
    },
    lines: {
      type: 'array',
      items: { type: 'object', properties: { count: { type: 'integer', minimum: 1 } } },
    },
    priority: { enum: ['low', 'high'], default: 'low' },
  },
}

describe('a payload', () => {
  it('that fits passes with the defaults, and the original is not changed', async () => {
    const payload = { id: 'AB12', customer: { mail: 'ada@example.org' } }
    expect(await check(order, payload)).toEqual({ ok: true, payload: { ...payload, priority: 'low' } })
    expect(payload).not.toHaveProperty('priority')
  })

  it('that does not fit is refused with all problems', async () => {
    const payload = {
      id: 'x',
      customer: { mail: 'nobody', 'a/b~c': 1.5 },
      lines: [{ count: 1 }, { count: 0 }],
      priority: 'urgent',
      extra: true,
    }
    expect(await problemsOf(order, payload)).toEqual(
      expect.arrayContaining([
        ['/id', 'bad_format'],
        ['/customer/mail', 'bad_format'],
        ['/customer/a~1b~0c', 'wrong_type'],
        ['/lines/1/count', 'out_of_range'],
        ['/priority', 'not_allowed'],
        ['/extra', 'unknown_property'],
      ]),
    )
  })

  it.each([null, [], 'text', 3, undefined])('that is %j is refused', async (payload) => {
    expect(await problemsOf(order, payload)).toEqual([['', 'wrong_type']])
    expect(await problemsOf(undefined, payload)).toEqual([['', 'wrong_type']])
  })

  it('without a schema may be any object', async () => {
    expect(await check(undefined, { a: 1 })).toEqual({ ok: true, payload: { a: 1 } })
  })

  it('that reaches for a prototype is refused', async () => {
    const payload = JSON.parse('{"id": "AB1", "customer": {"mail": "a@b.example", "__proto__": {"x": 1}}}')
    expect(await problemsOf(order, payload)).toEqual([['/customer/__proto__', 'forbidden_key']])
  })

  it('nested 64 levels deep is accepted, 65 and 50,000 are not', async () => {
    const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}{}${'}'.repeat(levels)}`)
    expect(await problemsOf(undefined, nested(64))).toEqual([])
    expect(await problemsOf(undefined, nested(65))).toEqual([['/a'.repeat(65), 'too_deep']])
    expect(await problemsOf(order, nested(50_000))).toEqual([['/a'.repeat(65), 'too_deep']])
  })

  it('with ten thousand mistakes gets a hundred problems', async () => {
    const schema = { type: 'object', additionalProperties: { type: 'string' } }
    const payload = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, n]))
    expect(await problemsOf(schema, payload)).toHaveLength(100)
  })
})

describe('where a check runs', () => {
  it('an ordinary schema is checked here', async () => {
    const payload = { id: 'AB12', customer: { mail: 'ada@example.org' } }
    expect(await check(order, payload, forbidden)).toMatchObject({ ok: true })
  })

  it.each<[string, unknown]>([
    ['references', { $ref: '#/$defs/a', $defs: { a: { type: 'object' } } }],
    ['unproven patterns', { properties: { a: { pattern: '^(a|b)+$' } } }],
    ['unproven names', { patternProperties: { '(a+)+': {} } }],
  ])('%s go to the sandbox', async (_name, schema) => {
    await expect(check(schema, { a: 'b' }, forbidden)).rejects.toThrow('The sandbox was used.')
    expect(await check(schema, { a: 'b' })).toMatchObject({ ok: true })
  })

  it('and so does a large payload', async () => {
    const payload = { lines: Array.from({ length: 20_000 }, () => ({ count: 1 })) }
    await expect(check(order, payload, forbidden)).rejects.toThrow('The sandbox was used.')
  })
})

describe('a hostile schema', () => {
  const exponential = {
    $ref: '#/$defs/d0',
    $defs: Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `d${n}`,
        n === 39
          ? { type: 'object' }
          : { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
      ]),
    ),
  }

  it.each<[string, unknown, unknown]>([
    [
      'catastrophic backtracking',
      { properties: { a: { type: 'string', pattern: '^(a+)+$' } } },
      { a: `${'a'.repeat(60)}!` },
    ],
    [
      'quadratic search',
      { properties: { a: { type: 'string', pattern: '.*.*.*x' } } },
      { a: 'a'.repeat(150_000) },
    ],
    ['references that double forty times', exponential, {}],
  ])('with %s is stopped, and the server goes on', async (_name, schema, payload) => {
    await expect(check(schema, payload)).rejects.toMatchObject({ code: 'sandbox_timeout' })
    expect(await check(order, { id: 'AB1', customer: { mail: 'a@b.example' } })).toMatchObject({ ok: true })
  })

  it('a list of unique items is compared once each, not pair by pair', async () => {
    const schema = { properties: { a: { type: 'array', uniqueItems: true } } }
    const items = Array.from({ length: 30_000 }, (_, n) => ({ n }))
    const start = performance.now()
    expect(await problemsOf(schema, { a: items })).toEqual([])
    expect(performance.now() - start).toBeLessThan(1_000)
    expect(
      await problemsOf(schema, {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      }),
    ).toEqual([['/a', 'not_unique']])
  })
})
