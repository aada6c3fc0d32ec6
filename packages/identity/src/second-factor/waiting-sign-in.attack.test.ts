// Whoever has passed the first factor and waits before the second is not forgotten when the owner ends all sessions.
import { toPublicId } from '@levqor/client'
import { eachStore } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { testPeople } from '../workspaces/test-people.ts'
import { type EverySignIn, email, everySignIn } from './test-every-sign-in.ts'
import { type Jar, password } from './test-two-steps.ts'

const another = 'another long password'
const waysIn = ['magic-link', 'password', 'google', 'oidc'] as const

eachStore((store) => {
  let installation: EverySignIn
  afterEach(() => installation.stop())

  /** A thief waits with each first factor while the owner is signed in. */
  async function setup() {
    installation = await everySignIn(store)
    const { ways, post, code, rows } = installation
    async function waitWith(method: (typeof waysIn)[number]): Promise<Jar> {
      const jar: Jar = new Map()
      await ways[method](jar)
      expect(jar.has('levqor_first_factor')).toBe(true)
      return jar
    }
    const waiting: Jar[] = []
    for (const method of waysIn) waiting.push(await waitWith(method))
    /** What those who wait are told, with the right code. */
    async function answers(secret = installation.secret): Promise<unknown[]> {
      const told = []
      for (const jar of waiting) {
        const { status, body } = await post('second-factor', { code: code(secret) }, jar)
        told.push(body.code ?? status)
      }
      return told
    }
    const voided = () =>
      rows<{ details: string }>(`SELECT details FROM audit_log WHERE action = 'second_factor.voided'`)
    const open = () =>
      rows(
        'SELECT sessions.id FROM sessions JOIN users ON users.id = user_id WHERE ended_at IS NULL AND email = $1',
        [email],
      )
    return { ...installation, waitWith, answers, voided, open }
  }

  const expired = waysIn.map(() => 'second_factor_expired')

  describe('a sign-in that waits for its second factor ends', () => {
    it('when the password is reset', async () => {
      const { post, mailAfter, answers } = await setup()
      const { token } = await mailAfter(() => post('forgot-password', { email }))
      expect((await post('reset-password', { token, password: another })).status).toBe(200)
      expect(await answers()).toEqual(expired)
    })

    it('when the password is changed, also in the same millisecond', async () => {
      const { post, owner, answers } = await setup()
      expect((await post('password', { current: password, password: another }, owner)).status).toBe(200)
      expect(await answers()).toEqual(expired)
    })

    it('when its owner ends all other sessions, also where there are none', async () => {
      const { post, owner, answers, voided } = await setup()
      const ended = await post('sessions/end-others', {}, owner)
      expect(ended).toMatchObject({ status: 200, body: { ended: 0 } })
      expect(await answers()).toEqual(expired)
      expect(await voided()).toHaveLength(1)
    })

    it('when the old mailbox says that a change of address was not its owner’s', async () => {
      const { post, mails, owner, answers, open } = await setup()
      await post('email', { email: 'ada@new.example.com' }, owner)
      await installation.identity.stop()
      const token = (await mails(email))
        .map(({ body_text }) => /confirm-email#token=([\w-]+)&stop=1/.exec(body_text)?.[1])
        .find((each) => each !== undefined)
      expect((await post('email/stop', { token })).body).toMatchObject({ sessions_ended: true })
      expect(await answers()).toEqual(expired)
      expect(await open()).toEqual([])
    })

    it('when the account is closed, and is not back when it is opened again', async () => {
      const { answers, rows } = await setup()
      const { owner: operator } = await testPeople(installation)
      const [user] = await rows<{ id: string }>('SELECT id FROM users WHERE email = $1', [email])
      const change = (status: string) =>
        operator.call('PATCH', `/api/v1/users/${toPublicId('usr', user?.id ?? '')}`, { status })
      expect((await change('disabled')).status).toBe(200)
      expect((await change('active')).status).toBe(200)
      expect(await answers()).toEqual(expired)
    })

    it('when two-step sign-in is begun anew', async () => {
      const { call, code, secret, owner, switchOn, nextCode, answers } = await setup()
      const off = await call('DELETE', '/api/auth/totp', { jar: owner, body: { code: code(secret) } })
      expect(off.status).toBe(204)
      nextCode()
      expect(await answers((await switchOn(owner)).secret)).toEqual(expired)
    })

    it('when the provider is unlinked', async () => {
      const { call, owner, answers } = await setup()
      const { items } = (await call('GET', '/api/auth/identities', { jar: owner })).body
      expect((await call('DELETE', `/api/auth/identities/${items[0].id}`, { jar: owner })).status).toBe(204)
      expect(await answers()).toEqual(expired)
    })
  })

  it('ending one session leaves what waits to go on', async () => {
    const { call, owner, waitWith, post, code, secret, nextCode, voided } = await setup()
    const other = await waitWith('google')
    expect((await post('second-factor', { code: code(secret) }, other)).status).toBe(200)
    const { items } = (await call('GET', '/api/auth/sessions', { jar: owner })).body
    const { id } = items.find(({ current }: { current: boolean }) => !current)
    const waiting = await waitWith('google')
    expect((await call('DELETE', `/api/auth/sessions/${id}`, { jar: owner })).status).toBe(204)
    nextCode()
    expect((await post('second-factor', { code: code(secret) }, waiting)).status).toBe(200)
    expect(await voided()).toEqual([])
  })

  it('of a second factor and the end of all other sessions at once, no session is left over', async () => {
    const { post, owner, code, secret, open, waitWith } = await setup()
    const jar = await waitWith('google')
    const [finished] = await Promise.all([
      post('second-factor', { code: code(secret) }, jar),
      post('sessions/end-others', {}, owner),
    ])
    expect([200, 410]).toContain(finished.status)
    expect(await open()).toHaveLength(1)
  })
})
