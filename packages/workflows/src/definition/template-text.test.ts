import { describe, expect, it } from 'vitest'
import { readTemplateText, resolvePath } from './template-text.ts'

describe('readTemplateText', () => {
  it.each([
    ['{{ payload.url }}', ['payload', 'url']],
    ['{{payload}}', ['payload']],
    ['{{ payload.list[3].x }}', ['payload', 'list', '3', 'x']],
    ['{{ payload["odd name"] }}', ['payload', 'odd name']],
    ["{{ payload['a.b'].c }}", ['payload', 'a.b', 'c']],
    ['{{ payload.with-dash }}', ['payload', 'with-dash']],
  ])('%s is a path', (text, segments) => {
    expect(readTemplateText(text)).toEqual({ kind: 'path', segments })
  })

  it.each([
    ' {{ payload.url }}',
    '{{ payload.url }} ',
    '{{ payload.a }}{{ payload.b }}',
    '{{ payload.a | upcase }}',
    '{{ "text" }}',
    '{{ 5 }}',
    '{{- payload.a -}}',
    '{{ payload[payload.key] }}',
    '{{ payload..a }}',
    '{% if payload.a %}x{% endif %}',
    '{{ }}',
  ])('%s is a template', (text) => {
    expect(readTemplateText(text).kind).toBe('template')
  })

  it.each(['plain', '', '{ payload.url }', '}} {'])('%j is itself', (text) => {
    expect(readTemplateText(text)).toEqual({ kind: 'literal', text })
  })

  it('reads a hostile text in a moment', () => {
    const start = performance.now()
    for (const text of [
      `{{ a${'.a'.repeat(50_000)} }`,
      `{{ ${'a['.repeat(50_000)}`,
      `{{${' '.repeat(100_000)}`,
    ]) {
      readTemplateText(text)
    }
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

describe('resolvePath', () => {
  it('follows own properties only', () => {
    const scope = { payload: { list: ['a', 'b'], text: 'abc' } }
    expect(resolvePath(scope, ['payload', 'list', '1'])).toBe('b')
    for (const path of [
      ['constructor'],
      ['payload', '__proto__'],
      ['payload', 'constructor', 'name'],
      ['payload', 'list', 'length'],
      ['payload', 'list', 'constructor'],
      ['payload', 'text', 'length'],
      ['payload', 'none', 'x'],
    ]) {
      expect(resolvePath(scope, path)).toBeUndefined()
    }
  })
})
