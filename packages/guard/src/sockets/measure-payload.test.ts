import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { payloadFits } from './measure-payload.ts'

const nested = (depth: number) => {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

describe('the size of a payload', () => {
  it('never exceeds what it takes as JSON, so that a frame that arrived whole fits the frame’s cap', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const value: unknown = JSON.parse(text)
        const bytes = Buffer.byteLength(JSON.stringify([value]))
        expect(payloadFits([value], bytes)).toBe(true)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it.each([
    ['text', 'ä'.repeat(50), 103],
    ['a name', { ['n'.repeat(100)]: true }, 109],
    ['numbers', [1234567, -1], 12],
    ['a binary', Buffer.alloc(100), 100],
    ['an array buffer', new ArrayBuffer(100), 100],
    ['nothing', null, 5],
    ['what JSON has not', undefined, 5],
  ])('counts %s to the byte', (_, value, bytes) => {
    expect([payloadFits([value], bytes - 1), payloadFits([value], bytes)]).toEqual([false, true])
  })

  it('counts all arguments and all attachments together, and an acknowledgement not at all', () => {
    expect(payloadFits(['a'.repeat(47), Buffer.alloc(50), () => {}], 100)).toBe(true)
    expect(payloadFits(['a'.repeat(47), Buffer.alloc(51), () => {}], 100)).toBe(false)
    expect(payloadFits([], 1)).toBe(true)
  })

  it('is refused by its depth long before it could exhaust a stack', () => {
    expect(payloadFits([nested(64)], 1e6)).toBe(true)
    expect(payloadFits([nested(65)], 1e6)).toBe(false)
    expect(payloadFits([nested(100_000)], 1e6)).toBe(false)
  })

  it('is found too large without reading the rest', () => {
    let read = 0
    const lazy = {
      get a() {
        read++
        return 'x'.repeat(100)
      },
    }
    expect(payloadFits(['y'.repeat(200), ...Array(1000).fill(lazy)], 100)).toBe(false)
    expect(payloadFits([Array(1_000_000).fill(lazy)], 100)).toBe(false)
    expect(read).toBe(0)
  })

  it('prototypes’ names are names like any other', () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":2}')
    expect(payloadFits([value], 100)).toBe(true)
    expect(payloadFits([value], 30)).toBe(false)
  })
})
