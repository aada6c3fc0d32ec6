import { eachStore } from '@levqor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, decodeJson, digestJson, encodeJson } from './json.ts'
import { asSystem } from './system.ts'

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: { d: [1, { y: 2, x: 1 }], c: null } })).toBe(
      '{"a":{"c":null,"d":[1,{"x":1,"y":2}]},"b":1}',
    )
    expect(digestJson({ a: 1, b: 2 })).toBe(digestJson({ b: 2, a: 1 }))
    expect(digestJson({ a: 1, b: undefined })).toBe(digestJson({ a: 1 }))
  })

  it('tells different values apart', () => {
    expect(digestJson({ a: [1, 2] })).not.toBe(digestJson({ a: [2, 1] }))
    expect(digestJson('1')).not.toBe(digestJson(1))
  })
})

it('replaces lone surrogates, in keys as well, and keeps pairs', () => {
  expect(decodeJson(encodeJson({ 'k\ud800': 'a\udfffb', pair: '😀', text: '\\ud800' }))).toEqual({
    'k\ufffd': 'a\ufffdb',
    pair: '😀',
    text: '\\ud800',
  })
})

it('replaces the NUL character, which jsonb cannot hold, and nothing that only looks like it', () => {
  expect(decodeJson(encodeJson({ a: 'x\u0000y', b: '\\u0000', c: '\\\u0000' }))).toEqual({
    a: 'x\ufffdy',
    b: '\\u0000',
    c: '\\\ufffd',
  })
})

const table = (json: string) => `CREATE TABLE documents (id TEXT PRIMARY KEY, body ${json} NOT NULL)`
const schema = {
  name: 'documents',
  migrations: [{ number: 1, name: 'documents', sqlite: `${table('TEXT')} STRICT`, postgres: table('JSONB') }],
  dataMap: {
    documents: {
      tenancy: 'global',
      about: 'test',
      personal: {},
      retention: 'test',
      export: 'none',
      erase: 'delete',
    },
  },
} as const

eachStore((store) => {
  it('stores any JSON and reads the same value back', async () => {
    const system = asSystem(await store.open([schema]))
    await fc.assert(
      fc.asyncProperty(fc.uuid(), fc.jsonValue({ maxDepth: 3 }), async (id, value) => {
        const text = encodeJson(value)
        await system.transaction((tx) =>
          tx.run(
            'INSERT INTO documents (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = $2',
            [id, text],
          ),
        )
        const [row] = await system.read.query<{ body: string }>('SELECT body FROM documents WHERE id = $1', [
          id,
        ])
        expect(decodeJson(row?.body ?? '')).toEqual(JSON.parse(text))
      }),
      { numRuns: 50 },
    )
  })
})
