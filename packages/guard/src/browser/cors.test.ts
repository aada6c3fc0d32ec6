import { describe, expect, it } from 'vitest'
import { createCors } from './cors.ts'

const cors = createCors({ origins: ['https://app.example'] })

describe('headers with what CORS adds to them', () => {
  const plain = { 'x-frame-options': 'DENY' }
  const https = { ...plain, 'strict-transport-security': 'max-age=1', vary: 'Accept' }

  it('are made once for answers that have the same headers', () => {
    const finding = cors.find('GET', { origin: 'https://app.example' })
    expect(finding.headers(plain)).toBe(finding.headers(plain))
    expect(cors.find('GET', { origin: 'https://app.example' }).headers(plain)).toBe(finding.headers(plain))
  })

  it('are those of their own answer, whichever other one came before', () => {
    const listed = cors.find('GET', { origin: 'https://app.example' })
    const unlisted = cors.find('GET', { origin: 'https://evil.example' })
    for (let i = 0; i < 2; i++) {
      expect(listed.headers(plain)).toMatchObject({
        ...plain,
        vary: 'Origin',
        'access-control-allow-origin': 'https://app.example',
      })
      expect(unlisted.headers(https)).toEqual({ ...https, vary: 'Accept, Origin' })
      expect(listed.headers(https)).toMatchObject({
        ...https,
        vary: 'Accept, Origin',
        'access-control-allow-origin': 'https://app.example',
      })
      expect(unlisted.headers(plain)).toEqual({ ...plain, vary: 'Origin' })
    }
  })
})
