// Nobody gets an account at somebody else's address by registering it with a password of their own, whoever's mail the
// owner of the mailbox confirms.
import { eachStore, until } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { type IdentityPolicy, identityPolicy } from '../identity-policy.ts'
import { type TestInstallation, testInstallation, tokenOf } from '../test-installation.ts'

type Jar = Map<string, string>

const email = 'victim@example.com'
const own = 'correct horse battery staple'
const strangers = 'a password of somebody else'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup(policy: Partial<IdentityPolicy> = {}) {
    installation = await testInstallation(store, { policy })
    const { call, rows, firstRun } = installation
    const post = (path: string, body: object, jar: Jar = new Map()) =>
      call('POST', `/api/auth/${path}`, { body, jar, from: '198.51.100.1' })
    const verify = (body: object, jar?: Jar) => post('verify-email', body, jar)
    const mails = () => rows<{ body_text: string }>('SELECT body_text FROM mail_outbox ORDER BY mail_id')
    async function mailAfter(act: () => Promise<unknown>) {
      const before = (await mails()).length
      await act()
      await until(async () => (await mails()).length > before, { what: 'the mail' })
      const text = (await mails()).at(-1)?.body_text ?? ''
      return { text, token: tokenOf(/http:\S+/.exec(text)?.[0] ?? 'http://x/#') }
    }
    const register = (password: string, jar: Jar = new Map()) =>
      mailAfter(async () => expect((await post('register', { email, password }, jar)).status).toBe(202))
    const opens = async (password: string) => (await post('login', { email, password })).status === 200
    const accounts = () => rows('SELECT id FROM users WHERE email = $1', [email])
    const unused = () => rows<{ data: unknown }>('SELECT data FROM one_time_tokens WHERE used_at IS NULL')
    let admin: Jar | undefined
    /** Lets the address in, where only invited people may register. */
    async function invite() {
      if (!admin) {
        admin = new Map()
        await post('magic-link/verify', { token: tokenOf(firstRun.sign_in_link) }, admin)
      }
      const jar = admin
      const { id } = (await call('GET', '/api/auth/me', { jar })).body.workspace
      const path = `/api/v1/workspaces/${id}/invitations`
      let invitation = ''
      await mailAfter(async () => {
        const { status, body } = await call('POST', path, { jar, body: { email, role: 'member' } })
        expect(status).toBe(201)
        invitation = body.id
      })
      return async () =>
        expect((await call('DELETE', `${path}/${invitation}`, { jar })).status).toBeLessThan(300)
    }
    return { ...installation, post, verify, mails, register, opens, accounts, unused, invite }
  }

  it.each(['open', 'invited'] as const)(
    'who confirms the mail of a stranger’s registration makes no account for the stranger (registration: %s)',
    async (registration) => {
      const { register, verify, opens, accounts, unused, invite } = await setup({ registration })
      if (registration === 'invited') await invite()
      const home: Jar = new Map()
      const mine = await register(own, home)
      const theirs = await register(strangers, new Map())
      // The newest mail, in the browser that registered; then with the password that its owner knows.
      expect(await verify({ token: theirs.token }, home)).toMatchObject({
        status: 403,
        body: { code: 'registration_other_browser' },
      })
      expect(await verify({ token: theirs.token, password: own }, home)).toMatchObject({
        status: 403,
        body: { code: 'registration_password_wrong' },
      })
      expect(await verify({ token: theirs.token })).toMatchObject({
        body: { code: 'registration_other_browser' },
      })
      expect(await accounts()).toEqual([])
      expect(await unused()).toHaveLength(2)
      // Their own mail works all the same, and what the stranger waits for is over.
      expect((await verify({ token: mine.token }, home)).status).toBe(200)
      expect([await opens(own), await opens(strangers)]).toEqual([true, false])
      expect(await verify({ token: theirs.token, password: strangers })).toMatchObject({
        status: 410,
        body: { code: 'token_used' },
      })
      expect([await opens(own), await opens(strangers)]).toEqual([true, false])
    },
  )

  it('the stranger first: neither mail opens the account for the password of the other', async () => {
    const { register, verify, opens } = await setup()
    const theirs = await register(strangers)
    const home: Jar = new Map()
    const mine = await register(own, home)
    expect((await verify({ token: theirs.token, password: own }, home)).status).toBe(403)
    expect((await verify({ token: mine.token, password: strangers })).body.code).toBe(
      'registration_password_wrong',
    )
    expect((await verify({ token: mine.token, password: own })).status).toBe(200)
    expect([await opens(own), await opens(strangers)]).toEqual([true, false])
  })

  it('the mail says where it is to be opened; the password confirms in any browser', async () => {
    const { register, verify, opens } = await setup()
    const mail = await register(own)
    expect(mail.text).toContain('in the browser in which you registered')
    // However the keyboard spells it: one spelling was hashed.
    expect((await verify({ token: mail.token, password: own.normalize('NFD') })).status).toBe(200)
    expect(await opens(own)).toBe(true)
  })

  it('several registrations in several tabs belong to one browser', async () => {
    const { register, verify } = await setup()
    const home: Jar = new Map()
    const first = await register(own, home)
    const mark = home.get('levqor_browser')
    await register(own, home)
    expect(home.get('levqor_browser')).toBe(mark)
    expect((await verify({ token: first.token }, home)).status).toBe(200)
  })

  it('200 parallel guesses of the password: at most 5 are checked, nothing is used up, and the account’s own door stays open', async () => {
    const { register, verify, identity, opens, clock } = await setup()
    const home: Jar = new Map()
    const mine = await register(own, home)
    const theirs = await register(strangers)
    const { passwords } = identity.services.identity
    const { verify: check } = passwords
    let checked = 0
    Object.assign(passwords, {
      verify: (...asked: Parameters<typeof check>) => {
        checked++
        return check(...asked)
      },
    })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => verify({ token: theirs.token, password: `${own} ${i}` })),
    )
    expect(checked).toBeGreaterThan(0)
    expect(checked).toBeLessThanOrEqual(5)
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(checked)
    expect(answers.filter(({ body }) => body.code === 'locked')).toHaveLength(200 - checked)
    // Not even the right one, for now; the other registration and the account know nothing of it.
    expect((await verify({ token: theirs.token, password: strangers })).status).toBe(429)
    expect((await verify({ token: mine.token }, home)).status).toBe(200)
    expect(await opens(own)).toBe(true)
    clock.advance(60 * 60_000)
    expect((await verify({ token: theirs.token, password: strangers })).body.code).toBe('token_used')
  }, 60_000)

  it('where only invited people may, an invitation that is withdrawn takes the mailed link along; another one brings it back', async () => {
    const { register, verify, accounts, invite, opens } = await setup({ registration: 'invited' })
    const withdraw = await invite()
    const home: Jar = new Map()
    const { token } = await register(own, home)
    await withdraw()
    for (const refused of [await verify({ token }, home), await verify({ token, password: own })]) {
      expect(refused).toMatchObject({ status: 403, body: { code: 'registration_not_invited' } })
      expect(refused.body.detail).toContain('new invitation')
    }
    expect(await accounts()).toEqual([])
    await invite()
    expect((await verify({ token }, home)).status).toBe(200)
    expect(await opens(own)).toBe(true)
  })

  it('what a mail was for is kept no longer than until it is used: no password’s hash stays behind', async () => {
    const { register, verify, rows } = await setup()
    const home: Jar = new Map()
    const { token } = await register(own, home)
    const kept = async () => JSON.stringify(await rows('SELECT data FROM one_time_tokens'))
    expect(await kept()).toContain('argon2id')
    await verify({ token }, home)
    expect(await kept()).not.toContain('argon2id')
    expect(await rows('SELECT id FROM one_time_tokens WHERE used_at IS NOT NULL')).toHaveLength(1)
    expect((await verify({ token }, home)).body.code).toBe('token_used')
  })

  it('strangers who have had five mails sent to a mailbox keep its owner from registering for an hour, not for a day', async () => {
    const { register, post, verify, mails, clock, opens } = await setup()
    for (let i = 0; i < identityPolicy.mailsPerAddress; i++) await register(`${strangers} ${i}`)
    const home: Jar = new Map()
    const unmailed = await post('register', { email, password: own }, home)
    await installation.identity.stop()
    expect(await mails()).toHaveLength(identityPolicy.mailsPerAddress)
    clock.advance(identityPolicy.mailsWindowMs)
    const mine = await post('register', { email, password: own }, home)
    await installation.identity.stop()
    expect(await mails()).toHaveLength(identityPolicy.mailsPerAddress + 1)
    // Whether a mail is sent shows in no answer.
    expect([unmailed.status, unmailed.body]).toEqual([mine.status, mine.body])
    const text = (await mails()).at(-1)?.body_text ?? ''
    const token = tokenOf(/http:\S+/.exec(text)?.[0] ?? 'http://x/#')
    expect((await verify({ token }, home)).status).toBe(200)
    expect(await opens(own)).toBe(true)
  })
})
