// Step-up: who has to prove themselves again, with what, and what it opens.
import { eachStore } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { password, twoSteps } from '../second-factor/test-two-steps.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { testPeople } from '../workspaces/test-people.ts'

const minute = 60_000
const email = 'ada@example.com'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const steps = twoSteps(installation)
    await steps.register(email)
    const jar = await steps.login(email)
    const later = () => installation.clock.advance(15 * minute + 1)
    const codeIn = (mail: { body_text: string }) => /^\d{6}$/m.exec(mail.body_text)?.[0] ?? ''
    const people = await testPeople(installation)
    return { ...installation, ...steps, people, jar, later, codeIn }
  }

  it('a person with a password proves with it; the proof holds for fifteen minutes and opens what was refused', async () => {
    const { post, get, jar, later, clock, rows } = await setup()
    expect((await get('proof', jar)).body).toEqual({
      methods: ['password'],
      proven_until: new Date(clock.now() + 15 * minute).toISOString(),
    })
    later()
    expect((await get('proof', jar)).body.proven_until).toBeNull()
    expect((await post('totp/start', {}, jar)).body.code).toBe('proof_required')
    expect(await post('proof', { password: 'not mine' }, jar)).toMatchObject({
      status: 403,
      body: { code: 'password_wrong' },
    })
    expect((await post('totp/start', {}, jar)).body.code).toBe('proof_required')
    const proven = await post('proof', { password }, jar)
    expect(proven.body).toEqual({ proven_until: new Date(clock.now() + 15 * minute).toISOString() })
    expect((await post('totp/start', {}, jar)).status).toBe(200)
    expect(await rows("SELECT id FROM audit_log WHERE action = 'session.proven'")).toHaveLength(1)
  })

  it('a proof holds for its own session only', async () => {
    const { post, jar, login, later } = await setup()
    const other = await login(email)
    later()
    expect((await post('proof', { password }, jar)).status).toBe(200)
    expect((await post('totp/start', {}, other)).body.code).toBe('proof_required')
  })

  it('an account with a second factor proves with that; its password alone is not enough', async () => {
    const { post, get, jar, switchOn, code, later, nextCode } = await setup()
    const { secret, codes } = await switchOn(jar)
    expect((await get('proof', jar)).body.methods).toEqual(['totp', 'recovery-code'])
    later()
    expect((await post('proof', { password }, jar)).body.code).toBe('proof_method_unsuitable')
    expect((await post('proof/mail', {}, jar)).body.code).toBe('proof_method_unsuitable')
    expect((await post('totp/recovery-codes', {}, jar)).body.code).toBe('proof_required')
    expect((await post('proof', { code: code(secret) }, jar)).status).toBe(200)
    expect((await post('totp/recovery-codes', {}, jar)).status).toBe(200)
    nextCode()
    later()
    expect((await post('proof', { code: codes[0] }, jar)).body.code).toBe('second_factor_wrong')
  })

  it('a password that was right while a second factor was switched on proves nothing', async () => {
    const { post, jar, code, later, get } = await setup()
    const { secret } = (await post('totp/start', {}, jar)).body
    const [, ...proofs] = await Promise.all([
      post('totp/confirm', { code: code(secret) }, jar),
      ...Array.from({ length: 5 }, () => post('proof', { password }, jar)),
    ])
    for (const { status, body } of proofs)
      if (status !== 200) expect(body.code).toBe('proof_method_unsuitable')
    later()
    expect((await post('proof', { password }, jar)).body.code).toBe('proof_method_unsuitable')
    expect((await get('proof', jar)).body.proven_until).toBeNull()
  })

  it('a person without a password is mailed six digits, for this session, once, and the newest count', async () => {
    const { people, later, codeIn, post, get, mails, rows, clock } = await setup()
    const eve = await people.person('eve@example.com', 'member')
    const elsewhere = await people.signIn(eve.id, people.workspaceId)
    expect((await get('proof', eve.jar)).body.methods).toEqual(['mail'])
    expect((await post('proof', { password }, eve.jar)).body.code).toBe('proof_method_unsuitable')
    later()
    const asked = await post('proof/mail', {}, eve.jar)
    expect(asked.body).toEqual({
      status: 'sent',
      expires_at: new Date(clock.now() + 10 * minute).toISOString(),
    })
    const first = codeIn((await mails('eve@example.com')).at(-1) ?? { body_text: '' })
    await post('proof/mail', {}, eve.jar)
    const mail = (await mails('eve@example.com')).at(-1) ?? { body_text: '', body_html: '' }
    const newest = codeIn(mail)
    expect(mail.body_html).toContain(newest)
    if (first !== newest)
      expect((await post('proof', { mail_code: first }, eve.jar)).body.code).toBe('proof_code_wrong')
    expect((await post('proof', { mail_code: newest }, elsewhere.jar)).body.code).toBe('proof_code_wrong')
    // As it is typed.
    const typed = newest.replace(/^.../, '$& ')
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post('proof', { mail_code: typed }, eve.jar)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await post('totp/start', {}, eve.jar)).status).toBe(200)
    expect(JSON.stringify(await rows('SELECT * FROM one_time_tokens'))).not.toContain(newest)
  })

  it('mailed digits expire, are sent five times at most, and 200 parallel guesses lead to at most 5 checks', async () => {
    const { people, codeIn, post, mails, clock } = await setup()
    const eve = await people.person('eve@example.com', 'member')
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('proof/mail', {}, eve.jar)))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused).toMatchObject({ body: { code: 'proof_mails_exhausted' } })
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    const right = codeIn((await mails('eve@example.com')).at(-1) ?? { body_text: '' })
    const wrong = right === '111111' ? '222222' : '111111'
    const guesses = await Promise.all(
      Array.from({ length: 200 }, () => post('proof', { mail_code: wrong }, eve.jar)),
    )
    const checked = guesses.filter(({ body }) => body.code === 'proof_code_wrong').length
    expect(checked).toBeGreaterThan(0)
    expect(checked).toBeLessThanOrEqual(5)
    expect(guesses.filter(({ body }) => body.code === 'locked')).toHaveLength(200 - checked)
    clock.advance(16 * minute)
    expect((await post('proof', { mail_code: right }, eve.jar)).body.code).toBe('proof_code_wrong')
    expect((await post('proof/mail', {}, eve.jar)).status).toBe(202)
  }, 60_000)

  it('nobody proves anything, or touches a second factor, while acting for somebody else', async () => {
    const { post, get, jar: adas, call, people, switchOn } = await setup()
    await switchOn(adas)
    const { user } = (await get('me', adas)).body
    const jar = new Map(people.owner.jar)
    const reason = 'Ada asked why her jobs do not run.'
    const acting = await call('POST', '/api/admin/impersonate', { jar, body: { user_id: user.id, reason } })
    expect(acting.status).toBe(200)
    const answers = [
      await get('proof', jar),
      await post('proof', { code: '123456' }, jar),
      await post('proof/mail', {}, jar),
      await post('totp/start', {}, jar),
      await post('totp/confirm', { code: '123456' }, jar),
      await post('totp/recovery-codes', {}, jar),
      await call('DELETE', '/api/auth/totp', { body: { code: '123456' }, jar }),
    ]
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_while_impersonating' } })
    }
  })

  it('every key that a person makes or rotates asks them for a recent proof', async () => {
    const { people, later, firstRun, call, rows } = await setup()
    const { owner } = people
    const make = (scopes?: string[]) =>
      owner.call('POST', '/api/v1/api-keys', { name: 'mine', ...(scopes ? { scopes } : {}) })
    const first = await make(['jobs:read'])
    expect(first.status).toBe(201)
    const rotation = `/api/v1/api-keys/${first.body.id}/rotate`
    const keys = () => rows('SELECT id, successor_id FROM api_keys ORDER BY id')
    const before = await keys()
    later()
    for (const scopes of [['jobs:read'], ['ops:read'], undefined]) {
      expect(await make(scopes)).toMatchObject({ status: 403, body: { code: 'proof_required' } })
    }
    const rotated = await owner.call('POST', rotation, { overlap_minutes: 60 })
    expect(rotated).toMatchObject({ status: 403, body: { code: 'proof_required' } })
    expect(await keys()).toEqual(before)
    // A key has nobody at a keyboard.
    const body = { name: 'from a key', scopes: ['jobs:read'] }
    expect((await call('POST', '/api/v1/api-keys', { key: firstRun.api_key, body })).status).toBe(201)
    const fresh = await people.signIn(owner.id, people.workspaceId)
    expect((await fresh.call('POST', rotation, { overlap_minutes: 60 })).status).toBe(201)
  })

  it('with a second factor, a password is changed with a recent proof only: the old password alone is not enough', async () => {
    const { post, jar, switchOn, code, later } = await setup()
    const { secret } = await switchOn(jar)
    later()
    const changed = { current: password, password: `another ${password}` }
    expect(await post('password', changed, jar)).toMatchObject({
      status: 403,
      body: { code: 'proof_required' },
    })
    expect((await post('proof', { code: code(secret) }, jar)).status).toBe(200)
    expect((await post('password', changed, jar)).status).toBe(200)
  })

  it('an operator closes and opens accounts with a recent proof only; a name needs none, and a key none at all', async () => {
    const { people, later, call, rows } = await setup()
    const { owner } = people
    const body = { name: 'for accounts', scopes: ['users:read', 'users:write'] }
    const key = (await owner.call('POST', '/api/v1/api-keys', body)).body.secret
    const eve = await people.person('eve@example.com', 'member')
    const path = `/api/v1/users/${eve.publicId}`
    const status = async () => (await rows('SELECT status FROM users WHERE id = $1', [eve.id]))[0]
    later()
    const refused = { status: 403, body: { code: 'proof_required' } }
    const closing = { status: 'disabled', name: 'Eve' }
    expect(await owner.call('PATCH', path, closing)).toMatchObject(refused)
    expect(await status()).toEqual({ status: 'active' })
    expect((await call('PATCH', path, { key, body: closing })).status).toBe(200)
    expect(await owner.call('PATCH', path, { status: 'active' })).toMatchObject(refused)
    expect(await status()).toEqual({ status: 'disabled' })
    expect((await owner.call('PATCH', path, { name: 'Eva' })).status).toBe(200)
    const fresh = await people.signIn(owner.id, people.workspaceId)
    expect((await fresh.call('PATCH', path, { status: 'active' })).status).toBe(200)
    expect(await status()).toEqual({ status: 'active' })
  })
})
