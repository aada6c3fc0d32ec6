// What people try with passkeys that are not theirs, or not passkeys at all.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { asSystem } from '@levqor/database/system'
import { eachStore, type Lies, softAuthenticator, until } from '@levqor/testing'
import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { afterEach, describe, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { origin, type TestPasskeys, testPasskeys } from './test-passkeys.ts'

const elsewhere = Buffer.alloc(32, 7).toString('base64url')

/** What is changed, and what the event calls it. */
const badAnswers: readonly (readonly [what: string, lies: Lies, cause: string])[] = [
  ['of another origin', { origin: 'https://levqor.test.evil.example' }, 'origin'],
  ['of another port', { origin: 'http://levqor.test:8080' }, 'origin'],
  ['of a page inside another origin', { crossOrigin: true }, 'malformed'],
  ['for another relying party', { rpId: 'evil.example' }, 'signature'],
  ['with a challenge that was never given', { challenge: elsewhere }, 'challenge'],
  ['of somebody who is not verified', { userVerified: false }, 'signature'],
  ['of nobody who is present', { userPresent: false }, 'signature'],
  ['of the wrong ceremony', { type: 'webauthn.create' }, 'signature'],
  ['of an unknown passkey', { credentialId: elsewhere }, 'unknown'],
  ['for another account', { userHandle: elsewhere }, 'user_handle'],
  ['for nobody in particular', { userHandle: null }, 'user_handle'],
]

eachStore((store) => {
  let installation: TestPasskeys
  afterEach(() => installation.stop())

  async function setup(options?: Parameters<typeof testPasskeys>[1]) {
    installation = await testPasskeys(store, options)
    return installation
  }

  describe('signing in', () => {
    it.each(badAnswers)('with an answer %s is refused, and an event says why', async (_, lies, cause) => {
      const { personWithPasskey, signIn, causes, sessions } = await setup()
      const { authenticator } = await personWithPasskey()
      const answer = await signIn(authenticator, lies)
      expect([answer.status, answer.body.code]).toEqual(
        cause === 'challenge' ? [410, 'passkey_expired'] : [403, 'passkey_refused'],
      )
      await until(() => causes().length === 1, { what: 'the event' })
      expect(causes()).toEqual([cause])
      expect(await sessions()).toEqual([])
    })

    it('with a changed signature, changed data or the signature of another key is refused', async () => {
      const { personWithPasskey, start, finish, sessions } = await setup()
      const { authenticator } = await personWithPasskey()
      const { authenticator: other } = await personWithPasskey('bob@example.com')
      const jar = new Map<string, string>()
      const { body } = await start(jar)
      const right = authenticator.get(body.options)
      const bytes = Buffer.from(right.response.signature, 'base64url')
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      const data = Buffer.from(right.response.authenticatorData, 'base64url')
      data[36] = (data[36] ?? 0) + 1
      const forged = [
        { signature: bytes.toString('base64url') },
        { signature: other.get(body.options).response.signature },
        { authenticatorData: data.toString('base64url') },
        { signature: 'AA' },
      ]
      for (const part of forged) {
        const answer = await finish(jar, { ...right, response: { ...right.response, ...part } })
        expect([answer.status, answer.body.code]).toEqual([403, 'passkey_refused'])
      }
      expect(await sessions()).toEqual([])
      expect((await finish(jar, right)).status).toBe(200)
    })

    it('an unknown passkey, a bad signature and a closed account get the very same answer', async () => {
      const { personWithPasskey, signIn, database } = await setup()
      const { person, authenticator } = await personWithPasskey()
      const unknown = await signIn(authenticator, { credentialId: elsewhere })
      const bad = await signIn(authenticator, { rpId: 'evil.example' })
      await asSystem(database).transaction((tx) =>
        tx.run("UPDATE users SET status = 'disabled' WHERE id = $1", [person.id]),
      )
      const closed = await signIn(authenticator)
      const shown = ({ status, body }: typeof bad) => {
        const { request_id: _, ...rest } = body
        return { status, ...rest }
      }
      expect(shown(bad)).toEqual(shown(unknown))
      expect(shown(closed)).toEqual(shown(unknown))
      expect(shown(unknown)).toMatchObject({ status: 403, code: 'passkey_refused' })
    })

    it('a challenge is good once, for five minutes, in the browser that asked', async () => {
      const { personWithPasskey, start, finish, clock, causes } = await setup()
      const { authenticator } = await personWithPasskey()
      const jar = new Map<string, string>()
      const first = authenticator.get((await start(jar)).body.options)
      expect((await finish(jar, first)).status).toBe(200)
      expect((await finish(jar, first)).body.code).toBe('passkey_expired')

      const inTime = authenticator.get((await start(jar)).body.options)
      clock.advance(identityPolicy.passkeyChallengeMs - 1)
      expect((await finish(jar, inTime)).status).toBe(200)
      const late = authenticator.get((await start(jar)).body.options)
      clock.advance(identityPolicy.passkeyChallengeMs)
      expect((await finish(jar, late)).body.code).toBe('passkey_expired')

      // Somebody is brought to sign in to a stranger's account by answers that were made elsewhere.
      const stolen = authenticator.get((await start(jar)).body.options)
      for (const browser of [new Map<string, string>(), new Map([['levqor_browser', elsewhere]])]) {
        expect((await finish(browser, stolen)).body.code).toBe('passkey_expired')
      }
      expect((await finish(jar, stolen)).status).toBe(200)
      await until(() => causes().length === 4, { what: 'the events' })
      expect(new Set(causes())).toEqual(new Set(['challenge']))
    })

    it('100 parallel answers to one challenge begin one session', async () => {
      const { personWithPasskey, start, finish, sessions } = await setup()
      const { authenticator } = await personWithPasskey('ada@example.com', true)
      const jar = new Map<string, string>()
      const answer = authenticator.get((await start(jar)).body.options)
      const answers = await Promise.all(Array.from({ length: 100 }, () => finish(new Map(jar), answer)))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ body }) => body.code === 'passkey_expired')).toHaveLength(99)
      expect(await sessions()).toHaveLength(1)
    })

    it('a challenge of one ceremony is none of another', async () => {
      const { personWithPasskey, start, finish, path } = await setup()
      const { person, authenticator } = await personWithPasskey()
      const adding = (await person.call('POST', `${path}/register/start`)).body.options
      const jar = new Map(person.jar)
      await start(jar)
      const answer = authenticator.get({ challenge: adding.challenge, rpId: adding.rp.id })
      expect((await finish(jar, answer)).body.code).toBe('passkey_expired')
      // The same session asks for both: only the ceremony tells them apart.
      const proving = (await person.call('POST', `${path}/proof/start`)).body.options
      const wrongly = softAuthenticator({ origin }).create({ ...adding, challenge: proving.challenge })
      expect((await person.call('POST', `${path}/register/finish`, { response: wrongly })).body.code).toBe(
        'passkey_expired',
      )
      expect((await person.call('POST', `${path}/proof/finish`, { response: answer })).body.code).toBe(
        'passkey_expired',
      )
      const asked = (await start(jar)).body.options
      const made = softAuthenticator({ origin }).create({ ...adding, challenge: asked.challenge })
      expect((await person.call('POST', `${path}/register/finish`, { response: made })).body.code).toBe(
        'passkey_expired',
      )
    })

    it('a copied authenticator is refused as soon as its counter falls behind; the owner and the operators hear of it', async () => {
      const { personWithPasskey, signIn, events, mails, audit, sessions } = await setup()
      const { person, authenticator } = await personWithPasskey()
      const copy = authenticator.copy()
      expect((await signIn(authenticator)).status).toBe(200)
      // The same number once more, and then one that was passed long ago.
      expect((await signIn(copy)).body.code).toBe('passkey_refused')
      expect((await signIn(copy, { counter: 1 })).body.code).toBe('passkey_refused')
      expect((await signIn(copy, { counter: 0 })).body.code).toBe('passkey_refused')
      expect(await sessions()).toHaveLength(1)
      await until(() => events.filter(({ event }) => event === 'passkey.copy_suspected').length === 3, {
        what: 'the events',
      })
      expect(events.find(({ event }) => event === 'passkey.copy_suspected')).toMatchObject({
        severity: 'critical',
        actorId: person.id,
      })
      expect(await audit('passkey.copy_suspected')).toHaveLength(3)
      const told = (await mails(person.email)).filter(({ subject }) => /was refused/.test(subject))
      expect(told).toHaveLength(3)
      // The counter stays where it was: the owner's device goes on.
      expect((await signIn(authenticator)).status).toBe(200)
    })

    it('a bad signature with an old counter tells nobody of a copy', async () => {
      const { personWithPasskey, signIn, mails, audit } = await setup()
      const { person, authenticator } = await personWithPasskey()
      await signIn(authenticator, { counter: 1, rpId: 'evil.example' })
      await signIn(authenticator, { counter: 0, userVerified: false })
      expect(await audit('passkey.copy_suspected')).toEqual([])
      expect(await mails(person.email)).toHaveLength(1)
    })

    it('synced passkeys count nothing, and sign in again and again', async () => {
      const { personWithPasskey, signIn } = await setup()
      const { authenticator } = await personWithPasskey('ada@example.com', true)
      for (let i = 0; i < 3; i++) expect((await signIn(authenticator)).status).toBe(200)
    })
  })

  describe('adding', () => {
    it.each([
      ['of another origin', { origin: 'https://evil.example' }],
      ['of a page inside another origin', { crossOrigin: true }],
      ['for another relying party', { rpId: 'evil.example' }],
      ['of somebody who is not verified', { userVerified: false }],
      ['of nobody who is present', { userPresent: false }],
      ['of the wrong ceremony', { type: 'webauthn.get' }],
      ['with a certificate that nobody asked for', attestedBy('packed')],
      ['in a format that nobody asked for', attestedBy('apple')],
      ['with an id that is too long', { credentialId: Buffer.alloc(1_024, 1).toString('base64url') }],
    ])('a passkey %s is refused', async (_, lies: Lies) => {
      const { person, add, path } = await setup()
      const ada = await person('ada@example.com')
      const answer = await add(ada, softAuthenticator({ origin }), lies)
      expect([400, 403]).toContain(answer.status)
      expect(['passkey_refused', 'validation_failed']).toContain(answer.body.code)
      expect((await ada.call('GET', path)).body.items).toEqual([])
    })

    it('is for the session that asked, once, within five minutes', async () => {
      const { person, path, clock, workspaceId, signInElsewhere } = await setup()
      const ada = await person('ada@example.com', 'member')
      const sameAda = await signInElsewhere(ada.id, workspaceId)
      const eve = await person('eve@example.com')
      const key = softAuthenticator({ origin })
      const response = key.create((await ada.call('POST', `${path}/register/start`)).body.options)
      const finish = (who: Pick<typeof ada, 'call'>, body: object = { response }) =>
        who.call('POST', `${path}/register/finish`, body)
      expect((await finish(eve)).body.code).toBe('passkey_expired')
      expect((await finish(sameAda)).body.code).toBe('passkey_expired')
      expect((await finish(ada)).status).toBe(201)
      expect((await finish(ada)).body.code).toBe('passkey_expired')
      const late = key.create((await ada.call('POST', `${path}/register/start`)).body.options)
      clock.advance(identityPolicy.passkeyChallengeMs)
      expect((await finish(ada, { response: late })).body.code).toBe('passkey_expired')
    })

    it('100 parallel answers to one challenge add one passkey and send one mail', async () => {
      const { person, path, mails } = await setup()
      const ada = await person('ada@example.com')
      const { body } = await ada.call('POST', `${path}/register/start`)
      const response = softAuthenticator({ origin }).create(body.options)
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => ada.call('POST', `${path}/register/finish`, { response })),
      )
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
      expect((await ada.call('GET', path)).body.items).toHaveLength(1)
      expect(await mails(ada.email)).toHaveLength(1)
    })

    it('an id that somebody has already is refused in the same words, and stays theirs', async () => {
      const { personWithPasskey, person, add, signIn, rows } = await setup()
      const { authenticator, person: ada } = await personWithPasskey()
      const [known] = await rows<{ credential_id: string }>('SELECT credential_id FROM passkeys')
      const eve = await person('eve@example.com')
      const lies = { credentialId: known?.credential_id ?? '' }
      const taken = await add(eve, softAuthenticator({ origin }), lies)
      const bad = await add(eve, softAuthenticator({ origin }), { rpId: 'evil.example' })
      expect([taken.status, taken.body.code, taken.body.detail]).toEqual([
        bad.status,
        bad.body.code,
        bad.body.detail,
      ])
      expect((await add(ada, softAuthenticator({ origin }), lies)).body.code).toBe('passkey_refused')
      expect(await signIn(authenticator)).toMatchObject({
        status: 200,
        body: { user: { email: ada.email } },
      })
    })
  })

  it('whatever is sent instead of an answer gets a clear 4xx, never a 500', async () => {
    const { personWithPasskey, start, finish, path, rows } = await setup()
    const { person, authenticator } = await personWithPasskey()
    const jar = new Map<string, string>()
    const right = authenticator.get((await start(jar)).body.options)
    const { options } = (await person.call('POST', `${path}/register/start`)).body
    const made = softAuthenticator({ origin }).create(options)
    const said = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64url')
    const texts = [
      '',
      '\0',
      'AA\0AA',
      '\ud800',
      'not base64url!',
      '%00',
      'A',
      'A'.repeat(8_192),
      'A'.repeat(200_000),
      // CBOR: a list within a list within a list …
      Buffer.alloc(12_000, 0x81).toString('base64url'),
      Buffer.from([0xbf, 0xff]).toString('base64url'),
      Buffer.from('null').toString('base64url'),
      said([]),
      said({ challenge: null }),
      said({ challenge: right.response.clientDataJSON, origin: {}, type: 'webauthn.get' }),
      said({ challenge: '\0', origin, type: 'webauthn.get' }),
      null,
      7,
      {},
      [],
    ]
    const answers: { what: string; status: number; code: string }[] = []
    for (const text of texts) {
      for (const part of Object.keys(right.response)) {
        const { status, body } = await finish(jar, {
          ...right,
          response: { ...right.response, [part]: text },
        })
        answers.push({ what: `sign-in ${part} ${String(text).slice(0, 20)}`, status, code: body.code })
      }
      for (const part of Object.keys(made.response)) {
        const response = { ...made, response: { ...made.response, [part]: text } }
        const { status, body } = await person.call('POST', `${path}/register/finish`, { response })
        answers.push({ what: `register ${part} ${String(text).slice(0, 20)}`, status, code: body.code })
      }
      for (const body of [{ ...right, id: text, rawId: text }, { ...right, type: text }, text]) {
        const { status, body: problem } = await finish(jar, body)
        answers.push({ what: `sign-in ${String(text).slice(0, 20)}`, status, code: problem.code })
      }
      const named = await person.call('POST', `${path}/register/finish`, { response: made, name: text })
      // Some of these are names that anybody may give, after which the challenge is used up.
      if (named.status !== 201) answers.push({ what: 'name', status: named.status, code: named.body.code })
    }
    const codes = new Set(['validation_failed', 'passkey_refused', 'passkey_expired', 'malformed_json'])
    expect(answers.filter(({ status, code }) => status < 400 || status > 499 || !codes.has(code))).toEqual([])
    expect(answers.length).toBeGreaterThan(150)
    expect(await rows(`SELECT id FROM sessions WHERE method = 'passkey'`)).toEqual([])
  }, 60_000)

  it('a certificate that is right in every way is refused as well, though the library would take it', async () => {
    const { add, person, path, rows } = await setup()
    const ada = await person('ada@example.com')
    const authenticator = softAuthenticator({ origin })
    const { body } = await ada.call('POST', `${path}/register/start`)
    const response = authenticator.create(body.options, wellAttested())
    const verified = await verifyRegistrationResponse({
      response: {
        ...response,
        response: { ...response.response, transports: [] },
        clientExtensionResults: {},
      },
      expectedChallenge: body.options.challenge,
      expectedOrigin: origin,
      expectedRPID: body.options.rp.id,
    })
    expect(verified.verified).toBe(true)
    const refused = await add(ada, authenticator, wellAttested())
    expect([refused.status, refused.body.code]).toEqual([403, 'passkey_refused'])
    expect(await rows('SELECT id FROM passkeys')).toEqual([])
  })
})

/** X.509 (RFC 5280) by hand, with what WebAuthn asks of an authenticator's certificate (Level 3, section 8.2.1). */
function attestationCertificate(key: KeyObject, publicKey: KeyObject): Buffer {
  const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
    const content = Buffer.concat(parts)
    const { length } = content
    const size = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]
    return Buffer.concat([Buffer.from(size), content])
  }
  const ecdsaWithSha256 = Buffer.from('300a06082a8648ce3d040302', 'hex')
  const part = (type: number, text: string) =>
    der(0x31, der(0x30, der(0x06, Buffer.from([0x55, 0x04, type])), der(0x0c, Buffer.from(text))))
  const name = der(
    0x30,
    part(6, 'SE'),
    part(10, 'Maker'),
    part(11, 'Authenticator Attestation'),
    part(3, 'Key'),
  )
  const time = (ms: number) =>
    der(0x18, Buffer.from(new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')))
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    der(0x30, time(Date.now() - 3_600_000), time(Date.now() + 3_600_000)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
  )
  return der(0x30, body, ecdsaWithSha256, der(0x03, Buffer.from([0]), sign('sha256', body, key)))
}

/** An attestation that is right in every way: only that nobody asked for one is wrong with it. */
function wellAttested(): Lies {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = attestationCertificate(privateKey, publicKey)
  return {
    attestation: {
      format: 'packed',
      statement: (signed) =>
        new Map<string, number | Buffer | readonly Buffer[]>([
          ['alg', -7],
          ['sig', sign('sha256', signed, privateKey)],
          ['x5c', [certificate]],
        ]),
    },
  }
}

function attestedBy(format: string): Lies {
  const certificate = new Map([
    ['x5c', Buffer.from('certificate')],
    ['sig', Buffer.from('signature')],
  ])
  return { attestation: { format, statement: new Map<string, Buffer>(certificate) } }
}
