import { describe, expect, it } from 'vitest'
import { createOriginJudge, isUnsafeMethod } from './check-origin.ts'

const judge = createOriginJudge({ origins: ['https://app.example'] })

describe('where a request came from', () => {
  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, 'own'],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://app.example' }, 'own'],
    [{ 'sec-fetch-site': 'none' }, 'own'],
    [{ 'sec-fetch-site': 'same-site' }, 'foreign'],
    [{ 'sec-fetch-site': 'cross-site' }, 'foreign'],
    [{ 'sec-fetch-site': 'nonsense' }, 'foreign'],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 'foreign'],
    [{ 'sec-fetch-site': 'same-site', origin: 'https://app.example' }, 'own'],
    [{ 'sec-fetch-site': 'none', origin: 'https://evil.example' }, 'foreign'],
    [{ origin: 'https://app.example' }, 'own'],
    [{ origin: 'https://app.example.evil.example' }, 'foreign'],
    [{ origin: 'http://app.example' }, 'foreign'],
    [{ origin: 'https://app.example:8443' }, 'foreign'],
    [{ origin: 'null' }, 'foreign'],
    [{ origin: ['https://app.example'] }, 'foreign'],
    [{}, 'unknown'],
  ] as const)('%j → %s', (headers, finding) => {
    expect(judge(headers)).toBe(finding)
  })

  it('every method but GET, HEAD and OPTIONS may change something', () => {
    expect(['GET', 'HEAD', 'OPTIONS'].some(isUnsafeMethod)).toBe(false)
    expect(['POST', 'PUT', 'PATCH', 'DELETE', 'get', 'PURGE'].every(isUnsafeMethod)).toBe(true)
  })
})
