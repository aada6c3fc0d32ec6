// Passkeys over HTTP as their owners use them: added, used, named, removed.
import { asSystem } from '@levqor/database/system'
import { eachStore, softAuthenticator, until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { purgeIdentity } from '../purge-identity.ts'
import { origin, type TestPasskeys, testPasskeys } from './test-passkeys.ts'

const minute = 60_000

eachStore((store) => {
  let installation: TestPasskeys
  afterEach(() => installation.stop())

  async function setup(options?: Parameters<typeof testPasskeys>[1]) {
    installation = await testPasskeys(store, options)
    return installation
  }

  it('a passkey is added, listed, and signs its owner in as both factors, without being told whose it is', async () => {
    const { person, add, signIn, sessions, audit, mails, events, path, rows } = await setup()
    const ada = await person('ada@example.com')
    const phone = softAuthenticator({ origin, synced: true })
    const started = await ada.call('POST', `${path}/register/start`)
    expect(started).toMatchObject({
      status: 200,
      body: {
        origin,
        options: {
          rp: { id: 'levqor.test', name: 'Levqor' },
          user: { name: 'ada@example.com' },
          attestation: 'none',
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
          excludeCredentials: [],
        },
      },
    })
    const added = await add(ada, phone)
    expect(added).toMatchObject({ status: 201, body: { synced: true, last_used_at: null } })
    expect(added.body.id).toMatch(/^psk_[0-9a-f]{32}$/)
    expect((await ada.call('GET', path)).body).toEqual({ items: [added.body], most: 20 })

    const jar = new Map<string, string>()
    const signedIn = await signIn(phone, {}, jar)
    expect(signedIn).toMatchObject({ status: 200, body: { user: { email: 'ada@example.com' } } })
    expect(await sessions()).toEqual([{ method: 'passkey', second_factor: 'passkey' }])
    expect((await installation.call('GET', '/api/auth/me', { jar })).body).toEqual(signedIn.body)
    const [listed] = (await ada.call('GET', path)).body.items
    expect(listed.last_used_at).not.toBeNull()

    expect(await audit('passkey.added', 'session.started')).toMatchObject([
      { action: 'passkey.added', actor_id: ada.id },
      { action: 'session.started' },
    ])
    await until(async () => (await mails('ada@example.com')).length === 1, { what: 'the mail' })
    const [mail] = await mails('ada@example.com')
    expect(mail?.subject).toBe('A passkey was added to your account at Levqor')
    expect(mail?.body_html).toContain(added.body.name)
    expect(events.map(({ event }) => event)).toContain('auth.succeeded')
    // The database holds what proves, and nothing that signs.
    const [row] = await rows<Record<string, unknown>>('SELECT * FROM passkeys')
    expect(row).toMatchObject({ user_id: ada.id, counter: 0, backed_up: 1 })
  })

  it('somebody with a second factor is not asked for it after a passkey', async () => {
    const { personWithPasskey, signIn, database } = await setup()
    const { person, authenticator } = await personWithPasskey()
    await asSystem(database).transaction((tx) =>
      tx.run(
        'INSERT INTO totp_secrets (user_id, secret, last_step, confirmed_at, created_at) VALUES ($1, $2, 0, 1, 1)',
        [person.id, 'sealed'],
      ),
    )
    expect(await signIn(authenticator)).toMatchObject({
      status: 200,
      body: { user: { email: person.email } },
    })
  })

  it('is called after the browser unless its owner names it, is renamed, and goes for good when removed', async () => {
    const { person, add, signIn, path, audit, mails, call } = await setup()
    const ada = await person('ada@example.com')
    const key = softAuthenticator({ origin })
    const { body: named } = await add(ada, key, { name: '  Yellow key ' })
    expect(named.name).toBe('Yellow key')
    const started = await ada.call('POST', `${path}/register/start`)
    const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'
    const laptop = softAuthenticator({ origin })
    const unnamed = await call('POST', `${path}/register/finish`, {
      jar: ada.jar,
      headers: { 'user-agent': agent },
      body: { response: laptop.create(started.body.options) },
    })
    expect(unnamed.body.name).toBe('Chrome on Linux')
    expect(await ada.call('PATCH', `${path}/${named.id}`, { name: 'Green key' })).toMatchObject({
      status: 200,
      body: { name: 'Green key' },
    })
    expect((await ada.call('PATCH', `${path}/${named.id}`, { name: 'x'.repeat(61) })).status).toBe(400)
    expect((await ada.call('DELETE', `${path}/${named.id}`)).status).toBe(204)
    expect((await ada.call('DELETE', `${path}/${named.id}`)).status).toBe(404)
    expect(await signIn(key)).toMatchObject({ status: 403, body: { code: 'passkey_refused' } })
    // The last one, too: a mailed link always leads in.
    expect((await ada.call('DELETE', `${path}/${unnamed.body.id}`)).status).toBe(204)
    expect((await ada.call('GET', path)).body.items).toEqual([])
    const happened = await audit('passkey.added', 'passkey.renamed', 'passkey.removed')
    expect(happened.map(({ action }) => action)).toEqual([
      'passkey.added',
      'passkey.added',
      'passkey.renamed',
      'passkey.removed',
      'passkey.removed',
    ])
    const subjects = (await mails('ada@example.com')).map(({ subject }) => subject)
    expect(subjects.filter((subject) => /removed/.test(subject))).toHaveLength(2)
  })

  it('nobody reaches the passkeys of another', async () => {
    const { personWithPasskey, person, path, rows } = await setup()
    const { id } = await personWithPasskey()
    const eve = await person('eve@example.com')
    expect((await eve.call('GET', path)).body.items).toEqual([])
    expect((await eve.call('PATCH', `${path}/${id}`, { name: 'mine' })).status).toBe(404)
    expect((await eve.call('DELETE', `${path}/${id}`)).status).toBe(404)
    expect(await rows('SELECT id FROM passkeys')).toHaveLength(1)
  })

  it('adding and removing ask for a recent proof; naming does not', async () => {
    const { personWithPasskey, add, path, clock } = await setup()
    const { person, id, authenticator } = await personWithPasskey()
    const started = await person.call('POST', `${path}/register/start`)
    clock.advance(identityPolicy.recentProofMs + 1)
    expect(await add(person, softAuthenticator({ origin }))).toMatchObject({
      status: 403,
      body: { code: 'proof_required' },
    })
    const response = authenticator.create(started.body.options)
    expect((await person.call('POST', `${path}/register/finish`, { response })).body.code).toBe(
      'proof_required',
    )
    expect((await person.call('DELETE', `${path}/${id}`)).body.code).toBe('proof_required')
    expect((await person.call('PATCH', `${path}/${id}`, { name: 'Still' })).status).toBe(200)
  })

  it('one account has at most twenty, also when sixty are finished at once', async () => {
    const { person, add, path } = await setup()
    const { passkeysPerPerson } = identityPolicy
    const ada = await person('ada@example.com')
    for (let i = 0; i < passkeysPerPerson - 1; i++) {
      expect((await add(ada, softAuthenticator({ origin }))).status).toBe(201)
    }
    const made = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const { body } = await ada.call('POST', `${path}/register/start`)
        return softAuthenticator({ origin }).create(body.options)
      }),
    )
    const answers = await Promise.all(
      made.map((response) => ada.call('POST', `${path}/register/finish`, { response })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === 'too_many_passkeys')).toHaveLength(59)
    expect((await ada.call('GET', path)).body.items).toHaveLength(passkeysPerPerson)
    expect((await ada.call('POST', `${path}/register/start`)).body.code).toBe('too_many_passkeys')
    // One less, and there is room again.
    const [first] = (await ada.call('GET', path)).body.items
    await ada.call('DELETE', `${path}/${first.id}`)
    expect((await add(ada, softAuthenticator({ origin }))).status).toBe(201)
  }, 60_000)

  it('a second authenticator is told of the first, so that nobody adds the same twice', async () => {
    const { personWithPasskey, path, rows } = await setup()
    const { person } = await personWithPasskey()
    const [known] = await rows<{ credential_id: string }>('SELECT credential_id FROM passkeys')
    const { body } = await person.call('POST', `${path}/register/start`)
    expect(body.options.excludeCredentials).toEqual([
      { id: known?.credential_id, type: 'public-key', transports: ['internal'] },
    ])
    // To strangers no passkey is named.
    expect((await installation.start(new Map())).body.options.allowCredentials).toEqual([])
  })

  it('belongs to the host name of the public address, at its port only', async () => {
    const { person, add, signIn } = await setup({ url: 'http://localhost:4321' })
    const ada = await person('ada@example.com')
    const here = softAuthenticator({ origin: 'http://localhost:4321' })
    expect(await add(ada, here)).toMatchObject({ status: 201 })
    expect((await signIn(here)).status).toBe(200)
    expect((await signIn(here, { origin: 'http://localhost' })).body.code).toBe('passkey_refused')
    expect((await signIn(here, { origin: 'http://localhost:4322' })).body.code).toBe('passkey_refused')
  })

  it.each(['http://127.0.0.1:3000', 'http://[::1]:3000', 'https://192.0.2.7'])(
    'at %s, an address without a name, says what to open instead',
    async (url) => {
      const { person, start, path } = await setup({ url })
      const ada = await person('ada@example.com')
      for (const answer of [await start(new Map()), await ada.call('POST', `${path}/register/start`)]) {
        expect(answer).toMatchObject({ status: 409, body: { code: 'passkey_needs_domain' } })
        expect(answer.body.detail).toContain('http://localhost')
      }
      expect((await ada.call('GET', path)).status).toBe(200)
    },
  )

  it('challenges are forgotten a day after they expired', async () => {
    const { start, clock, rows, database } = await setup()
    await start(new Map())
    expect(await rows("SELECT id FROM one_time_tokens WHERE purpose = 'passkey'")).toHaveLength(1)
    clock.advance(24 * 60 * minute + 6 * minute)
    await purgeIdentity(database)
    expect(await rows("SELECT id FROM one_time_tokens WHERE purpose = 'passkey'")).toHaveLength(0)
  })
})
