// Accounts as operators and their services see, make, change, close and open them.
import { asSystem } from '@levqor/database/system'
import { eachStore, until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { type TestInstallation, testInstallation, tokenOf } from '../test-installation.ts'
import { type Person, testPeople } from '../workspaces/test-people.ts'

const path = '/api/v1/users'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const people = await testPeople(installation)
    const { call, firstRun } = installation
    const key = firstRun.api_key
    const upsert = (body: object) => call('POST', `${path}/upsert`, { key, body })
    const operator = async (email: string) => {
      const person = await people.person(email)
      await asSystem(installation.database).transaction((tx) =>
        tx.run('UPDATE users SET operator = 1 WHERE id = $1', [person.id]),
      )
      installation.clock.advance(identityPolicy.credentialCacheMs)
      return person
    }
    return { ...installation, ...people, key, upsert, operator }
  }

  it('an upsert makes an account once, changes what is given, and keeps what is not', async () => {
    const { upsert, audit } = await setup()
    const made = await upsert({ email: 'Ada@Example.com', name: 'Ada', locale: 'sv', currency: 'SEK' })
    expect(made).toMatchObject({
      status: 201,
      body: {
        email: 'ada@example.com',
        name: 'Ada',
        status: 'active',
        operator: false,
        email_verified: false,
      },
    })
    const changed = await upsert({ email: 'ADA@example.com', currency: 'EUR' })
    expect(changed).toMatchObject({
      status: 200,
      body: { id: made.body.id, name: 'Ada', locale: 'sv', currency: 'EUR' },
    })
    expect((await upsert({ email: 'ada@example.com', name: null })).body).toMatchObject({
      name: null,
      currency: 'EUR',
    })
    expect((await upsert({ email: 'ada@example.com' })).status).toBe(200)
    expect((await audit('user.created', 'user.changed')).map(({ action }) => action)).toEqual([
      'user.created',
      'user.changed',
      'user.changed',
    ])
  })

  it('100 parallel upserts of one address: one account, one workspace, one 201', async () => {
    const { upsert, rows } = await setup()
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => upsert({ email: i % 2 ? 'ADA@example.com' : 'ada@example.com' })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(99)
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(await rows(`SELECT id FROM users WHERE email = 'ada@example.com'`)).toHaveLength(1)
    expect(await rows(`SELECT id FROM workspaces WHERE name = 'My workspace'`)).toHaveLength(1)
  }, 60_000)

  it('the person of an upserted account signs in by a mailed link, which confirms the address; no password opens it', async () => {
    const { upsert, call, mails } = await setup()
    await upsert({ email: 'ada@example.com' })
    const jar = new Map<string, string>()
    const login = { email: 'ada@example.com', password: 'correct horse battery staple' }
    expect((await call('POST', '/api/auth/login', { body: login })).status).toBe(401)
    await call('POST', '/api/auth/magic-link', { body: { email: 'ada@example.com' }, jar })
    await until(async () => (await mails('ada@example.com')).length === 1, { what: 'the mail' })
    const [mail] = await mails('ada@example.com')
    const token = tokenOf(/http:\S+/.exec(mail?.body_text ?? '')?.[0] ?? '')
    expect((await call('POST', '/api/auth/magic-link/verify', { body: { token }, jar })).status).toBe(200)
    expect((await upsert({ email: 'ada@example.com' })).body).toMatchObject({
      email_verified: true,
      last_login_at: expect.any(String),
      last_login_network: expect.stringMatching(/^address_/),
    })
  })

  it('belongs to operators: not to members, owners, their keys, or operators’ keys without the scope', async () => {
    const { person, call, owner, key, upsert } = await setup()
    const { body } = await upsert({ email: 'x@example.com' })
    const ada = await person('ada@example.com')
    const workspaceKey = (await ada.call('POST', '/api/v1/api-keys', { name: 'mine' })).body.secret
    const readKey = (await owner.call('POST', '/api/v1/api-keys', { name: 'read', scopes: ['users:read'] }))
      .body.secret
    const tries = [
      ['GET', path, undefined],
      ['GET', `${path}/${body.id}`, undefined],
      ['POST', `${path}/upsert`, { email: 'y@example.com' }],
      ['PATCH', `${path}/${body.id}`, { status: 'disabled' }],
    ] as const
    for (const [method, to, sent] of tries) {
      expect((await ada.call(method, to, sent)).body.code, to).toBe('operator_required')
      expect((await call(method, to, { key: workspaceKey, body: sent })).status, to).toBe(403)
      const reading = await call(method, to, { key: readKey, body: sent })
      expect(reading.status, to).toBe(method === 'GET' ? 200 : 403)
      expect((await call(method, to, { body: sent })).body.code, to).toBe('credential_missing')
    }
    const asked = await ada.call('POST', '/api/v1/api-keys', { name: 'more', scopes: ['users:write'] })
    expect(asked.body.errors[0].code).toBe('scope_not_held')
    expect((await call('GET', `${path}/${body.id}`, { key })).status).toBe(200)
  })

  it('lists by pages, newest first, and finds part of an address as it is written', async () => {
    const { upsert, call, key } = await setup()
    for (const name of ['a_da', 'axda', 'bob']) await upsert({ email: `${name}@example.com` })
    const list = (query: string) => call('GET', `${path}?${query}`, { key })
    const emails = (answer: { body: { items: { email: string }[] } }) =>
      answer.body.items.map((one) => one.email)
    const first = await list('limit=2')
    expect(emails(first)).toEqual(['bob@example.com', 'axda@example.com'])
    const second = await list(`limit=2&cursor=${first.body.next_cursor}`)
    expect(emails(second)).toEqual(['a_da@example.com', 'admin@example.com'])
    expect(second.body).toMatchObject({ has_more: false, next_cursor: null })
    expect(emails(await list('email=A_D'))).toEqual(['a_da@example.com'])
    expect(emails(await list('email=%25'))).toEqual([])
    expect(emails(await list(`email=${encodeURIComponent("'; DROP TABLE users; --")}`))).toEqual([])
    expect((await list('cursor=nonsense')).body.code).toBe('bad_cursor')
    expect((await list('email=%00')).status).toBe(400)
  })

  it('closing ends sessions, keys and mailed links at once here and within a second elsewhere; opening brings none of them back', async () => {
    const { owner, person, call, secondProcess, clock, mails, audit, key } = await setup()
    const ada = await person('ada@example.com')
    const secret = (await ada.call('POST', '/api/v1/api-keys', { name: 'CI' })).body.secret
    const other = await secondProcess()
    const jar = new Map<string, string>()
    await call('POST', '/api/auth/magic-link', { body: { email: ada.email }, jar })
    await until(async () => (await mails(ada.email)).length === 1, { what: 'the mail' })
    const token = tokenOf(/http:\S+/.exec((await mails(ada.email))[0]?.body_text ?? '')?.[0] ?? '')
    expect((await other.call('GET', '/api/auth/me', { jar: ada.jar })).status).toBe(200)
    const patch = (body: object) => owner.call('PATCH', `${path}/${ada.publicId}`, body)
    expect((await patch({ status: 'disabled' })).body).toMatchObject({ status: 'disabled', email: ada.email })
    const opened = async () => [
      (await ada.call('GET', '/api/auth/me')).status,
      (await call('GET', '/api/v1/api-keys', { key: secret })).status,
      (await call('POST', '/api/auth/magic-link/verify', { body: { token }, jar: new Map(jar) })).status,
    ]
    expect(await opened()).toEqual([401, 401, 410])
    clock.advance(identityPolicy.credentialCacheMs)
    expect((await other.call('GET', '/api/auth/me', { jar: ada.jar })).status).toBe(401)
    expect((await other.call('GET', '/api/v1/api-keys', { key: secret })).status).toBe(401)
    expect((await patch({ status: 'disabled' })).status).toBe(200)
    expect((await patch({ status: 'active', name: 'Ada' })).body).toMatchObject({
      status: 'active',
      name: 'Ada',
    })
    expect(await opened()).toEqual([401, 401, 410])
    expect((await audit('account.closed', 'account.opened')).length).toBe(2)
    expect((await call('GET', `${path}/${ada.publicId}`, { key })).body.status).toBe('active')
  })

  it('never changes an address, and knows no account that is not there', async () => {
    const { owner, person } = await setup()
    const ada = await person('ada@example.com')
    const refused = await owner.call('PATCH', `${path}/${ada.publicId}`, { email: 'b@example.com' })
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/email'])
    const nobody = `usr_${'0'.repeat(32)}`
    for (const body of [{ status: 'disabled' }, { name: 'x' }]) {
      expect((await owner.call('PATCH', `${path}/${nobody}`, body)).body.code).toBe('user_not_found')
    }
    expect((await owner.call('GET', `${path}/${nobody}`)).body.code).toBe('user_not_found')
  })

  it('nobody closes their own account here, not with a key either; of two operators who close one another one remains', async () => {
    const { owner, operator, call, key, rows } = await setup()
    const own = `${path}/${owner.publicId}`
    expect((await owner.call('PATCH', own, { status: 'disabled' })).body.code).toBe('last_operator')
    expect((await call('PATCH', own, { key, body: { status: 'disabled' } })).body.code).toBe('last_operator')
    const second = await operator('second@example.com')
    const answers = await Promise.all([
      owner.call('PATCH', `${path}/${second.publicId}`, { status: 'disabled' }),
      second.call('PATCH', own, { status: 'disabled' }),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await rows(`SELECT id FROM users WHERE operator = 1 AND status = 'active'`)).toHaveLength(1)
  })

  it('accounts that are closed by hand and by their date at once never wait for one another in a circle', async () => {
    const { person, operator, call, key, clock, identity, deadlocks, rows } = await setup()
    const going: Person[] = []
    for (let i = 0; i < 8; i += 1) {
      going.push(await person(`going${i}@example.com`), await operator(`operator${i}@example.com`))
    }
    for (const one of going) expect((await one.call('POST', '/api/auth/account/deletion')).status).toBe(200)
    clock.advance(identityPolicy.deletionGraceMs)
    const before = await deadlocks()
    const closed = await Promise.all([
      identity.closeDueAccounts(),
      ...going.map(async ({ publicId }) => {
        const { status } = await call('PATCH', `${path}/${publicId}`, { key, body: { status: 'disabled' } })
        return status
      }),
    ])
    expect(closed.slice(1)).toEqual(going.map(() => 200))
    expect(await rows(`SELECT id FROM users WHERE status = 'active'`)).toHaveLength(1)
    expect(await deadlocks()).toBe(before)
  })
})
