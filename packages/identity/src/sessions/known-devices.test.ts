import { expect, it } from 'vitest'
import { createKnownDevices } from './known-devices.ts'

const devices = createKnownDevices(Buffer.alloc(32, 7))

it('a device proves the accounts that signed in from it, and no other', () => {
  const first = devices.remember(undefined, 'ada@example.com')
  const id = devices.prove(first, 'ada@example.com')
  expect(id).toMatch(/^[\w-]{43}$/)
  expect(devices.prove(first, 'bob@example.com')).toBeUndefined()
  const both = devices.remember(first, 'bob@example.com')
  expect([devices.prove(both, 'ada@example.com'), devices.prove(both, 'bob@example.com')]).toEqual([id, id])
  expect(devices.remember(both, 'bob@example.com')).toBe(both)
})

it('nothing that a client makes up proves anything', () => {
  const cookie = devices.remember(undefined, 'ada@example.com')
  const [id = '', proof = ''] = cookie.split('.')
  const other = devices.remember(undefined, 'ada@example.com').split('.')[0]
  for (const forged of [
    undefined,
    '',
    id,
    `${id}.`,
    `${id}.${proof.slice(1)}A.`,
    `${other}.${proof}`,
    `${id}.${'A'.repeat(22)}`,
    `${id}.${proof}.x`,
    'é'.repeat(43),
    `${cookie}.${cookie}`,
  ]) {
    expect(devices.prove(forged, 'ada@example.com')).toBeUndefined()
  }
  expect(createKnownDevices(Buffer.alloc(32, 8)).prove(cookie, 'ada@example.com')).toBeUndefined()
})

it('five accounts are remembered, the sixth takes the place of the one that signed in longest ago', () => {
  let cookie: string | undefined
  const emails = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.com`)
  for (const email of emails) cookie = devices.remember(cookie, email)
  expect(emails.map((email) => devices.prove(cookie, email) !== undefined)).toEqual([
    false,
    true,
    true,
    true,
    true,
    true,
  ])
  expect(cookie?.length).toBeLessThan(200)
})
