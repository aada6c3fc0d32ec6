// What somebody who knows the password, or a used code, must not get.
import { asSystem } from '@levqor/database/system'
import { eachStore } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { type TestInstallation, testInstallation } from '../test-installation.ts'
import { password, twoSteps } from './test-two-steps.ts'

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
    const { secret, codes } = await steps.switchOn(jar)
    const firstFactors = (count: number) =>
      Promise.all(Array.from({ length: count }, () => steps.login(email)))
    return { ...installation, ...steps, jar, secret, codes, firstFactors }
  }

  const counted = (answers: readonly { status: number; body: { code?: string } }[]) =>
    Object.fromEntries(
      [...Map.groupBy(answers, ({ status, body }) => body.code ?? String(status))].map(([key, all]) => [
        key,
        all.length,
      ]),
    )

  it('of 100 parallel sign-ins with one code exactly one passes', async () => {
    const { post, code, secret, firstFactors } = await setup()
    const jars = await firstFactors(100)
    const answers = await Promise.all(jars.map((jar) => post('second-factor', { code: code(secret) }, jar)))
    const { 200: passed, ...others } = counted(answers)
    expect(passed).toBe(1)
    expect(Object.keys(others).every((key) => ['second_factor_wrong', 'locked'].includes(key))).toBe(true)
    expect(jars.filter((jar) => jar.has('levqor_session'))).toHaveLength(1)
  }, 60_000)

  it('of 100 parallel sign-ins with one recovery code exactly one passes', async () => {
    const { post, codes, firstFactors, rows } = await setup()
    const jars = await firstFactors(100)
    const answers = await Promise.all(jars.map((jar) => post('second-factor', { code: codes[0] }, jar)))
    expect(counted(answers)[200]).toBe(1)
    expect(await rows('SELECT id FROM recovery_codes WHERE used_at IS NOT NULL')).toHaveLength(1)
  }, 60_000)

  it('200 parallel wrong codes lead to at most 5 checks; a new first factor, or the password, gives no new tries and loses none', async () => {
    const { post, login, code, secret, clock, nextCode, get } = await setup()
    const waiting = await login(email)
    const wrong = code(secret) === '111111' ? '222222' : '111111'
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => post('second-factor', { code: wrong }, new Map(waiting))),
    )
    const { second_factor_wrong: checked = 0, locked = 0 } = counted(answers)
    expect(checked).toBeLessThanOrEqual(5)
    expect(checked).toBeGreaterThan(0)
    expect(checked + locked).toBe(200)
    // The password is not locked, and having it does not unlock the second step.
    const again = await login(email)
    expect((await post('second-factor', { code: code(secret) }, again)).body.code).toBe('locked')
    expect((await get('second-factor/asked', again)).status).toBe(200)
    clock.advance(16 * minute)
    nextCode()
    expect((await post('second-factor', { code: code(secret) }, await login(email))).status).toBe(200)
  }, 60_000)

  it('a used code that is tried again counts as a wrong one', async () => {
    const { post, login, code, secret, firstFactors } = await setup()
    const used = code(secret)
    const [first = new Map(), ...others] = await firstFactors(6)
    expect((await post('second-factor', { code: used }, first)).status).toBe(200)
    for (const jar of others) {
      expect((await post('second-factor', { code: used }, jar)).body.code).toBe('second_factor_wrong')
    }
    expect((await post('second-factor', { code: used }, await login(email))).body.code).toBe('locked')
  })

  it('wrong passwords lock the password, not the second step of a sign-in that has passed it', async () => {
    const { post, login, code, secret } = await setup()
    const waiting = await login(email)
    for (let i = 0; i < 6; i++) await post('login', { email, password: 'not the password at all' })
    expect((await post('login', { email, password })).body.code).toBe('locked')
    expect((await post('second-factor', { code: code(secret) }, waiting)).status).toBe(200)
  })

  it('somebody who guesses codes with a stolen password does not lock the owner out of a known device', async () => {
    const { post, login, code, secret, nextCode, jar } = await setup()
    const known = await login(email)
    expect((await post('second-factor', { code: code(secret) }, known)).status).toBe(200)
    nextCode()
    const thief = await login(email)
    for (let i = 0; i < 6; i++) await post('second-factor', { code: '111111' }, thief)
    expect((await post('second-factor', { code: code(secret) }, thief)).body.code).toBe('locked')
    // Signed in here: the session is the known device.
    expect((await post('proof', { code: code(secret) }, jar)).status).toBe(200)
    nextCode()
    const owner = await login(email, new Map([['levqor_device', known.get('levqor_device') ?? '']]))
    expect((await post('second-factor', { code: code(secret) }, owner)).status).toBe(200)
  })

  it('a first factor works once, for ten minutes, and not after the password was changed', async () => {
    const { post, get, login, code, secret, clock, nextCode, jar } = await setup()
    const waiting = await login(email)
    const copy = new Map(waiting)
    expect((await post('second-factor', { code: code(secret) }, waiting)).status).toBe(200)
    nextCode()
    const expired = { status: 410, body: { code: 'second_factor_expired' } }
    expect(await post('second-factor', { code: code(secret) }, copy)).toMatchObject(expired)
    expect(await get('second-factor/asked', copy)).toMatchObject(expired)

    const slow = await login(email)
    clock.advance(10 * minute)
    expect(await post('second-factor', { code: code(secret) }, slow)).toMatchObject(expired)

    const old = await login(email)
    const changed = { current: password, password: 'another long password' }
    expect((await post('password', changed, jar)).status).toBe(200)
    expect(await post('second-factor', { code: code(secret) }, old)).toMatchObject(expired)
    for (const nothing of [
      new Map(),
      new Map([['levqor_first_factor', 'x'.repeat(43)]]),
      new Map([['levqor_first_factor', '']]),
    ]) {
      expect(await post('second-factor', { code: code(secret) }, nothing)).toMatchObject(expired)
    }
  })

  it('a code of one account opens no other', async () => {
    const { post, login, code, secret, codes, register, switchOn, rows } = await setup()
    const bob = 'bob@example.com'
    await register(bob)
    await switchOn(await login(bob))
    for (const stolen of [code(secret), codes[0]]) {
      expect((await post('second-factor', { code: stolen }, await login(bob))).body.code).toBe(
        'second_factor_wrong',
      )
    }
    expect(await rows('SELECT id FROM recovery_codes WHERE used_at IS NOT NULL')).toEqual([])
  })

  it('a secret that was copied to another account in the database opens nothing there', async () => {
    const { post, login, code, secret, register, switchOn, database } = await setup()
    const bob = 'bob@example.com'
    await register(bob)
    await switchOn(await login(bob))
    await asSystem(database).transaction((tx) =>
      tx.run(
        `UPDATE totp_secrets SET secret = (SELECT secret FROM totp_secrets WHERE user_id = (SELECT id FROM users WHERE email = 'ada@example.com'))`,
        [],
      ),
    )
    expect((await post('second-factor', { code: code(secret) }, await login(bob))).status).toBe(500)
    expect((await post('second-factor', { code: code(secret) }, await login(email))).status).toBe(200)
  })
})
