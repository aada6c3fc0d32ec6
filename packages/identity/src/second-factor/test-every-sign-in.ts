// Somebody with every way to sign in and every second factor, who goes through the routes.
import type { ProviderId } from '@levqor/client'
import { softAuthenticator, type TestStore, until } from '@levqor/testing'
import { expect } from 'vitest'
import { origin } from '../passkeys/test-passkeys.ts'
import { ada, googleAt, microsoftAt, oidcAt, providerInstallation } from '../providers/test-providers.ts'
import type { SecondFactor, SignInMethod } from '../schema/identity-tables.ts'
import type { Answer } from '../test-installation.ts'
import { type Jar, password, twoSteps } from './test-two-steps.ts'

export const email = 'ada@example.com'

/** Microsoft has a shape of its own, so it is linked instead of the other providers. */
export async function everySignIn(store: TestStore, shape?: 'microsoft') {
  const microsoft = shape !== undefined
  const installation = await providerInstallation(store, {
    shape: shape ?? 'google',
    providers: (at) => (microsoft ? [microsoftAt(at, at.tenant)] : [googleAt(at), oidcAt(at)]),
  })
  const { call, walk, provider, rows, events } = installation
  const steps = twoSteps(installation)
  const { post, mailAfter, login, code } = steps
  await steps.register(email)
  const signedIn = () => events.filter(({ event }) => event === 'auth.succeeded')
  const owner = await login(email)
  await until(() => signedIn().length === 1, { what: 'the event of the owner' })
  const linked: Jar = new Map(owner)
  const person = (id: string) => ({ ...ada, sub: `${id}-1815`, tid: provider.tenant, xms_edov: true })
  const authenticator = softAuthenticator({ origin })
  const { options } = (await post('passkeys/register/start', {}, owner)).body
  const made = await post('passkeys/register/finish', { response: authenticator.create(options) }, owner)
  expect(made.status).toBe(201)
  for (const id of microsoft ? ['microsoft'] : ['google', 'oidc']) {
    await walk(person(id), { jar: linked, id, body: { link: true } })
  }
  const { secret, codes } = await steps.switchOn(owner)

  async function passkey(at: string, jar: Jar): Promise<Answer> {
    const started = await post(`passkeys/${at}/start`, {}, jar)
    expect(started.status).toBe(200)
    const response = authenticator.get(started.body.options)
    return post(`passkeys/${at}/finish`, { response }, jar)
  }
  const atProvider = (id: ProviderId) => (jar: Jar) => walk(person(id), { jar, id })
  const ways: Readonly<Record<SignInMethod, (jar: Jar) => Promise<unknown>>> = {
    async 'magic-link'(jar) {
      const { token } = await mailAfter(() => post('magic-link', { email }, jar))
      return post('magic-link/verify', { token }, jar)
    },
    password: (jar) => post('login', { email, password }, jar),
    passkey: (jar) => passkey('sign-in', jar),
    google: atProvider('google'),
    microsoft: atProvider('microsoft'),
    oidc: atProvider('oidc'),
  }
  const seconds: Readonly<Record<SecondFactor, (jar: Jar) => Promise<Answer>>> = {
    totp: (jar) => post('second-factor', { code: code(secret) }, jar),
    'recovery-code': (jar) => post('second-factor', { code: codes[0] }, jar),
    passkey: (jar) => passkey('second-factor', jar),
  }
  const me = (jar: Jar) => call('GET', '/api/auth/me', { jar })
  const begun = async () =>
    (
      await rows<{ method: string; second_factor: string | null }>(
        'SELECT method, second_factor FROM sessions ORDER BY created_at, id',
      )
    ).at(-1)
  return { ...installation, ...steps, signedIn, ways, seconds, me, begun, owner, secret }
}

export type EverySignIn = Awaited<ReturnType<typeof everySignIn>>
