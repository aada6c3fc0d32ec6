// What is given for a while holds until the last millisecond of it, and from the next one on no more. Each lifetime of the
// policy that no other test takes to its end.
import { eachStore } from '@levqor/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type IdentityPolicy, identityPolicy } from './identity-policy.ts'
import { ada, leadsTo, type ProviderInstallation, providerInstallation } from './providers/test-providers.ts'
import { type Jar, password, type TwoSteps, twoSteps } from './second-factor/test-two-steps.ts'

interface Parts extends ProviderInstallation, TwoSteps {}
/** Uses what was given; the answer is what it led to. */
type Use = () => Promise<string>

interface Lifetime {
  readonly lifetime: keyof IdentityPolicy
  /** Gives it to somebody. */
  give(parts: Parts, email: string): Promise<Use>
  readonly inTime: string
  readonly tooLate: string
}

async function account(parts: Parts, email: string): Promise<Jar> {
  await parts.register(email)
  return parts.login(email)
}

const outcome = (answer: { status: number; body: { code?: string } }) =>
  answer.body?.code ?? String(answer.status)

const lifetimes: readonly Lifetime[] = [
  {
    lifetime: 'verifyEmailMs',
    async give({ mailAfter, post }, email) {
      const jar: Jar = new Map()
      const { token } = await mailAfter(() => post('register', { email, password }, jar))
      return async () => outcome(await post('verify-email', { token }, jar))
    },
    inTime: '200',
    tooLate: 'token_expired',
  },
  {
    lifetime: 'resetPasswordMs',
    async give({ register, mailAfter, post }, email) {
      await register(email)
      const { token } = await mailAfter(() => post('forgot-password', { email }))
      return async () => outcome(await post('reset-password', { token, password: `another ${password}` }))
    },
    inTime: '200',
    tooLate: 'token_expired',
  },
  {
    lifetime: 'changeEmailMs',
    async give(parts, email) {
      const { post, rows } = parts
      const jar = await account(parts, email)
      const wanted = `new-${email}`
      expect((await post('email', { email: wanted }, jar)).status).toBe(202)
      await parts.identity.stop()
      const [mail] = await rows<{ body_text: string }>('SELECT * FROM mail_outbox WHERE recipient = $1', [
        wanted,
      ])
      const token = /#token=([\w-]+)/.exec(mail?.body_text ?? '')?.[1] ?? ''
      return async () => outcome(await post('email/confirm', { token }))
    },
    inTime: '200',
    tooLate: 'token_expired',
  },
  {
    lifetime: 'providerSignInMs',
    async give({ start, comeBack, provider }, email) {
      const jar: Jar = new Map()
      const started = await start(jar)
      const back = await provider.authorize(started.body.authorization_url, { ...ada, sub: email, email })
      return async () => String(leadsTo(await comeBack(back, jar)))
    },
    inTime: '/',
    tooLate: '/sign-in?problem=provider_attempt_expired',
  },
  {
    lifetime: 'secondFactorMs',
    async give(parts, email) {
      const { secret } = await parts.switchOn(await account(parts, email))
      const waiting = await parts.login(email)
      return async () => outcome(await parts.post('second-factor', { code: parts.code(secret) }, waiting))
    },
    inTime: '200',
    tooLate: 'second_factor_expired',
  },
  {
    lifetime: 'totpStartMs',
    async give(parts, email) {
      const { post, code } = parts
      const jar = await account(parts, email)
      const { secret } = (await post('totp/start', {}, jar)).body
      return async () => {
        expect((await post('proof', { password }, jar)).status).toBe(200)
        return outcome(await post('totp/confirm', { code: code(secret) }, jar))
      }
    },
    inTime: '200',
    tooLate: 'totp_start_expired',
  },
  {
    lifetime: 'proofCodeMs',
    async give({ people, post, mails }, email) {
      const { jar } = await people.person(email, 'member')
      expect((await post('proof/mail', {}, jar)).status).toBe(202)
      const mail_code = /^\d{6}$/m.exec((await mails(email)).at(-1)?.body_text ?? '')?.[0]
      return async () => outcome(await post('proof', { mail_code }, jar))
    },
    inTime: '200',
    tooLate: 'proof_code_wrong',
  },
  {
    lifetime: 'recentProofMs',
    async give({ people, call, get, clock }, email) {
      const { jar } = await people.person(email)
      const until = clock.now() + identityPolicy.recentProofMs
      return async () => {
        const { proven_until } = (await get('proof', jar)).body
        // What is told and what is asked for are one.
        expect(proven_until).toBe(clock.now() < until ? new Date(until).toISOString() : null)
        return outcome(await call('POST', '/api/auth/account/deletion', { jar }))
      }
    },
    inTime: '200',
    tooLate: 'proof_required',
  },
  {
    lifetime: 'accessTokenMs',
    async give({ register, post, call }, email) {
      await register(email)
      const key = (await post('login', { email, password, transport: 'bearer' })).body.access_token
      return async () => outcome(await call('GET', '/api/auth/me', { key }))
    },
    inTime: '200',
    tooLate: 'credential_invalid',
  },
  {
    lifetime: 'providerMetadataMs',
    async give({ start, provider }) {
      const asked = () => provider.hits.filter((path) => path.endsWith('/openid-configuration')).length
      await start(new Map())
      return async () => {
        const before = asked()
        await start(new Map())
        return asked() === before ? 'remembered' : 'asked again'
      }
    },
    inTime: 'remembered',
    tooLate: 'asked again',
  },
]

eachStore((store) => {
  let installation: ProviderInstallation
  afterEach(() => installation.stop())

  async function setup(): Promise<Parts> {
    installation = await providerInstallation(store)
    return { ...installation, ...twoSteps(installation) }
  }

  describe('holds one millisecond before its end, and at its end no more', () => {
    it.each(lifetimes)(
      '$lifetime',
      async ({ lifetime, give, inTime, tooLate }) => {
        const parts = await setup()
        const { clock } = parts
        const lifetimeMs = Number(identityPolicy[lifetime])
        const first = await give(parts, 'first@example.com')
        const givenFirst = clock.now()
        const second = await give(parts, 'second@example.com')
        const givenSecond = clock.now()
        clock.set(givenFirst + lifetimeMs - 1)
        expect(await first()).toBe(inTime)
        clock.set(givenSecond + lifetimeMs)
        expect(await second()).toBe(tooLate)
      },
      60_000,
    )
  })
})
