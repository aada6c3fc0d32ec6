import { createApiKeyBody } from '@levqor/client'
import { expect, it } from 'vitest'
import { addressesOf, buildKey, noChoices, scopesToGive } from './key-choices.ts'

const now = Date.UTC(2026, 10, 21)

it('a name is all that a key needs: it may then run jobs of its workspace, whoever makes it, and nothing beyond', () => {
  expect(buildKey({ ...noChoices, name: ' CI ' }, now)).toEqual({
    name: 'CI',
    mode: 'live',
    scopes: ['jobs:read', 'jobs:write', 'workflows:read'],
  })
})

it('what is chosen is sent as the contract wants it', () => {
  const body = buildKey(
    { name: 'CI', mode: 'test', scopes: ['jobs:read'], expiry: '30', addresses: '203.0.113.0/24,\n ::1 ' },
    now,
  )
  expect(createApiKeyBody.parse(body)).toEqual({
    name: 'CI',
    mode: 'test',
    scopes: ['jobs:read'],
    expires_at: '2026-12-21T00:00:00.000Z',
    allowed_addresses: ['203.0.113.0/24', '::1'],
  })
})

it('reads addresses from lines, commas and blanks', () => {
  expect(addressesOf(' \n')).toEqual([])
  expect(addressesOf('10.0.0.1, 10.0.0.2\n\n10.0.0.3')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3'])
})

it('only operators are offered what concerns the installation', () => {
  expect(scopesToGive({ operator: false })).not.toContain('ops:read')
  expect(scopesToGive({ operator: true })).toContain('ops:read')
})
