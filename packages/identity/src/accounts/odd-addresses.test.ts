// Addresses that look alike, are malformed or are no text at all, at every door that takes one: a clear 4xx or the address as
// it was given, in lower case. Nothing is folded together: plus-addressing and dots belong to the mailbox's own rules.
//
// Addresses are ASCII. Internationalised ones (RFC 6531) are refused, in the local part and in the domain: two scripts have
// letters that no eye tells apart, and lower-casing them is not the same everywhere. A domain in punycode (xn--…) is ASCII and
// is kept and shown as it is, never as the letters it stands for.
import { eachStore } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { testPeople } from '../workspaces/test-people.ts'

const distinct = [
  'ada@example.com',
  'ada+work@example.com',
  'a.da@example.com',
  'ada@examp1e.com',
  'ada@xn--exmple-4uf.com',
  'ada@mail.example.com',
  "o'ada@example.com",
]

const refused: Readonly<Record<string, unknown>> = {
  'a Cyrillic letter in the local part': '\u0430da@example.com',
  'a Cyrillic letter in the domain': 'ada@ex\u0430mple.com',
  'an umlaut': 'ü@example.com',
  'an umlaut in the domain': 'ada@exämple.com',
  'full-width letters': 'ａda@example.com',
  'the dotted capital I, which lower-cases to two characters': 'İda@example.com',
  'the Kelvin sign, which lower-cases to k': '\u212Aim@example.com',
  'a zero-width space': 'ada\u200b@example.com',
  'a right-to-left override': 'ada\u202e@example.com',
  NUL: 'ada\0@example.com',
  'half a surrogate pair': 'ada\ud800@example.com',
  'a line break': 'ada@example.com\r\nBcc: eve@example.com',
  'two addresses': 'ada@example.com,eve@example.com',
  'a display name': 'Ada <ada@example.com>',
  'a quoted local part': '"ada eve"@example.com',
  'an address literal': 'ada@[127.0.0.1]',
  'no domain': 'ada',
  'no local part': '@example.com',
  'no top level': 'ada@localhost',
  'dots in a row': 'a..da@example.com',
  'white space around': ' ada@example.com ',
  nothing: '',
  'more than 254 characters': `${'a'.repeat(250)}@example.com`,
  'a number': 7,
  null: null,
  'a list': ['ada@example.com'],
  'an object': { toLowerCase: 'ada@example.com' },
}

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const people = await testPeople(installation)
    const { firstRun, call } = installation
    const doors = [
      (email: unknown) => people.owner.call('POST', '/api/auth/email', { email }),
      (email: unknown) => call('POST', '/api/v1/users/upsert', { key: firstRun.api_key, body: { email } }),
    ]
    return { ...installation, ...people, doors, key: firstRun.api_key }
  }

  it('addresses that look alike are different accounts, each shown as it was given', async () => {
    const { call, key } = await setup()
    const ids = new Set<string>()
    for (const email of distinct) {
      const made = await call('POST', '/api/v1/users/upsert', { key, body: { email: email.toUpperCase() } })
      expect([made.status, made.body.email]).toEqual([201, email])
      ids.add(made.body.id)
    }
    expect(ids.size).toBe(distinct.length)
  })

  it('what is no address is refused at its field, and nothing is written', async () => {
    const { doors, rows } = await setup()
    for (const [what, email] of Object.entries(refused)) {
      for (const door of doors) {
        const answer = await door(email)
        expect([answer.status, answer.body.code], what).toEqual([400, 'validation_failed'])
        expect(answer.body.errors[0].pointer, what).toBe('/email')
      }
    }
    expect(await rows('SELECT id FROM one_time_tokens')).toEqual([])
    expect(await rows('SELECT id FROM users')).toHaveLength(1)
  })

  it('a body of 10 MB, another content type, and what is no JSON object have their own answers', async () => {
    const { url, owner, key } = await setup()
    const cookie = [...owner.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const send = (path: string, body: string, headers: Record<string, string>) =>
      fetch(url + path, { method: 'POST', body, headers }).then((answer) => answer.status)
    const json = { 'content-type': 'application/json' }
    for (const [path, credential] of [
      ['/api/auth/email', { cookie }],
      ['/api/v1/users/upsert', { authorization: `Bearer ${key}` }],
      ['/api/admin/impersonate', { cookie }],
    ] as const) {
      const headers = { ...credential, ...json }
      const large = JSON.stringify({ email: `${'x'.repeat(10 * 1024 * 1024)}@example.com` })
      expect(await send(path, large, headers), path).toBe(413)
      const form = { ...credential, 'content-type': 'application/x-www-form-urlencoded' }
      expect(await send(path, 'email=a%40example.com', form), path).toBe(415)
      expect(await send(path, '<email/>', { ...credential, 'content-type': 'text/xml' }), path).toBe(415)
      for (const body of ['', '{', '[]', '"a@example.com"', 'null']) {
        expect(await send(path, body, headers), `${path} ${body}`).toBe(400)
      }
    }
  })
})
