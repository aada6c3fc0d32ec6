import { expect, it } from 'vitest'
import { isSafeReturnPath } from './return-path.ts'

it('paths of this origin are safe', () => {
  for (const path of ['/', '/jobs', '/jobs?status=dead&next=https%3A%2F%2Fx', '/a/b%20c', '/account#x']) {
    expect(isSafeReturnPath(path), path).toBe(true)
  }
})

it('nothing that any browser could read as another origin is', () => {
  const hostile = [
    '',
    'jobs',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/%2f/evil.example',
    '/%2Fevil.example',
    '/%5Cevil.example',
    '/%5c%5cevil.example',
    '/%09/evil.example',
    '/%2e//evil.example',
    '/x\\..\\..\\evil',
    '/%zz',
  ]
  for (const path of hostile) expect(isSafeReturnPath(path), JSON.stringify(path)).toBe(false)
})
