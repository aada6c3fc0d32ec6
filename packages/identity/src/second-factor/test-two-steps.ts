// A person with a password, and the buttons of two-step sign-in, for the tests of this room.
import { totpCode, until } from '@levqor/testing'
import { expect } from 'vitest'
import { type Answer, type TestInstallation, tokenOf } from '../test-installation.ts'

export type Jar = Map<string, string>

export const password = 'correct horse battery staple'

export interface TwoSteps {
  post(path: string, body: object, jar?: Jar): Promise<Answer>
  get(path: string, jar: Jar): Promise<Answer>
  mails(to?: string): Promise<{ subject: string; body_text: string; body_html: string }[]>
  /** The next mail that `act` causes. */
  mailAfter(act: () => Promise<unknown>): Promise<{ subject: string; body_text: string; token: string }>
  register(email: string): Promise<void>
  /** Past the first factor: signed in, or with the cookie that may try the second. */
  login(email: string, jar?: Jar, word?: string): Promise<Jar>
  /** What the app shows, `minutes` away from now. */
  code(secret: string, minutes?: number): string
  /** Switches it on and waits until the app shows another code. */
  switchOn(jar: Jar): Promise<{ secret: string; codes: readonly string[] }>
  /** To the next code. */
  nextCode(): void
}

export function twoSteps({ call, rows, clock }: TestInstallation): TwoSteps {
  const post = (path: string, body: object, jar: Jar = new Map()) =>
    call('POST', `/api/auth/${path}`, { body, jar, from: '198.51.100.1' })
  const mails = (to = 'ada@example.com') =>
    rows<{ subject: string; body_text: string; body_html: string }>(
      'SELECT * FROM mail_outbox WHERE recipient = $1 ORDER BY mail_id',
      [to],
    )
  const all = () => rows<{ subject: string; body_text: string }>('SELECT * FROM mail_outbox ORDER BY mail_id')
  async function mailAfter(act: () => Promise<unknown>) {
    const before = (await all()).length
    await act()
    await until(async () => (await all()).length > before, { what: 'the mail' })
    const mail = (await all()).at(-1) ?? { subject: '', body_text: '' }
    return { ...mail, token: tokenOf(/http:\S+/.exec(mail.body_text)?.[0] ?? 'http://x/#') }
  }
  const code = (secret: string, minutes = 0) => totpCode(secret, clock.now() + minutes * 60_000)
  return {
    post,
    get: (path, jar) => call('GET', `/api/auth/${path}`, { jar }),
    mails,
    mailAfter,
    async register(email) {
      const jar: Jar = new Map()
      const { token } = await mailAfter(() => post('register', { email, password }, jar))
      expect((await post('verify-email', { token }, jar)).status).toBe(200)
    },
    async login(email, jar = new Map(), word = password) {
      expect((await post('login', { email, password: word }, jar)).status).toBe(200)
      return jar
    },
    code,
    async switchOn(jar) {
      const started = await post('totp/start', {}, jar)
      expect(started.status).toBe(200)
      const { secret } = started.body
      const confirmed = await post('totp/confirm', { code: code(secret) }, jar)
      expect(confirmed.status).toBe(200)
      clock.advance(30_000)
      return { secret, codes: confirmed.body.recovery_codes }
    },
    nextCode: () => clock.advance(30_000),
  }
}
