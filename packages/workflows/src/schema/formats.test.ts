import { describe, expect, it } from 'vitest'
import { compileSchema } from './compile-schema.ts'
import { formatNames } from './formats.ts'

const valid: Readonly<Record<(typeof formatNames)[number], string>> = {
  date: '2026-02-28',
  time: '12:00:00Z',
  'date-time': '2026-02-28T12:00:00Z',
  duration: 'P1DT2H',
  uri: 'https://example.org/a?b#c',
  'uri-reference': '../a?b',
  email: 'ada@example.org',
  hostname: 'example.org',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '01930000-0000-7000-8000-000000000001',
  'json-pointer': '/a/b~1c',
}

describe.each(formatNames)('the format %s', (format) => {
  const check = compileSchema({ type: 'object', properties: { a: { type: 'string', format } } })
  const isRefused = (a: string) => check({ a }).problems.length > 0

  it('accepts what it describes and nothing else', () => {
    expect(isRefused(valid[format])).toBe(false)
    expect(isRefused('\u0000 no')).toBe(true)
  })

  it('decides in a moment about texts made to be slow', () => {
    const start = performance.now()
    for (const unit of ['a', '1', 'a.', 'a-', '/', '%20', ':', '@', '0:', '::', '~0', 'P1D']) {
      for (const end of ['', '!', '\u0000']) check({ a: `a@${unit.repeat(200_000)}${end}` })
      for (const end of ['', '!', '\u0000']) check({ a: `${unit.repeat(2_000).slice(0, 2_047)}${end}` })
    }
    expect(performance.now() - start).toBeLessThan(3_000)
  })
})

it('a text of 2,048 characters can have a format, a longer one cannot', () => {
  const check = compileSchema({ type: 'object', properties: { a: { type: 'string', format: 'uri' } } })
  const uri = (length: number) => `https://example.org/${'a'.repeat(length - 20)}`
  expect(check({ a: uri(2_048) }).problems).toEqual([])
  expect(check({ a: uri(2_049) }).problems).toHaveLength(1)
})
