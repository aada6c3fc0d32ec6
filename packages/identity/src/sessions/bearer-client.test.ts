// The client of the SDK with a person's session, against the real server.
import {
  type BearerTokens,
  createClient,
  getMe,
  LevqorError,
  listSessions,
  login,
  logout,
  type SessionTokens,
  verifySecondFactor,
} from '@levqor/client'
import { eachStore } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { identityPolicy } from '../identity-policy.ts'
import { password, twoSteps } from '../second-factor/test-two-steps.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'

const email = 'ada@example.com'
const bearer = { email, password, transport: 'bearer' } as const

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  async function setup() {
    installation = await testInstallation(store)
    const steps = twoSteps(installation)
    await steps.register(email)
    const { url: baseUrl } = installation
    const paths: string[] = []
    const watched: typeof fetch = (input, init) => {
      paths.push(new URL(String(input)).pathname)
      return fetch(input, init)
    }
    const stranger = createClient({ baseUrl })
    const signIn = async () => {
      const answer = await stranger.call(login, { body: bearer })
      if (!('access_token' in answer)) throw new Error('No tokens came.')
      return answer
    }
    const clientOf = (answer: BearerTokens, kept: SessionTokens[] = []) =>
      createClient({
        baseUrl,
        fetch: watched,
        session: {
          accessToken: answer.access_token,
          refreshToken: answer.refresh_token,
          onRefreshed: (next) => void kept.push(next),
        },
      })
    return { ...installation, ...steps, signIn, clientOf, stranger, paths }
  }

  it('stays signed in: of 20 requests at once that meet an expired token one renews it, and none fails', async () => {
    const { signIn, clientOf, clock, paths } = await setup()
    const kept: SessionTokens[] = []
    const client = clientOf(await signIn(), kept)
    expect((await client.call(getMe, {})).user?.email).toBe(email)
    for (let round = 1; round <= 3; round++) {
      clock.advance(identityPolicy.accessTokenMs)
      paths.length = 0
      const answers = await Promise.all(Array.from({ length: 20 }, () => client.call(getMe, {})))
      expect(new Set(answers.map(({ user }) => user?.email))).toEqual(new Set([email]))
      expect(paths.filter((path) => path === '/api/auth/refresh')).toHaveLength(1)
      expect(kept).toHaveLength(round)
    }
    // What was kept is what the next start goes on with.
    const [last] = kept.slice(-1)
    const again = clientOf({
      ...(await signIn()),
      access_token: last?.accessToken ?? '',
      refresh_token: last?.refreshToken ?? '',
    })
    expect((await again.call(listSessions, {})).items.some(({ current }) => current)).toBe(true)
  })

  it('says that it is over when it is, without trying for ever', async () => {
    const { signIn, clientOf, paths } = await setup()
    const answer = await signIn()
    await clientOf(answer).call(logout, {})
    paths.length = 0
    const error = await clientOf(answer)
      .call(getMe, {})
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(LevqorError)
    expect(error).toMatchObject({ code: 'credential_invalid', status: 401 })
    expect(paths).toEqual(['/api/auth/me', '/api/auth/refresh'])
  })

  it('a program whose person has a second factor gets the question in the body, and answers it without cookies', async () => {
    const { stranger, switchOn, code, login: browse, post, nextCode } = await setup()
    const { secret } = await switchOn(await browse(email))
    const asked = await stranger.call(login, { body: bearer })
    if (!('second_factor' in asked)) throw new Error('Nobody asked.')
    const { first_factor } = asked.second_factor
    const answer = await stranger.call(verifySecondFactor, { body: { code: code(secret), first_factor } })
    expect(answer).toMatchObject({ token_type: 'Bearer', user: { email } })
    // It was used up.
    nextCode()
    const late = await post('second-factor', { code: code(secret), first_factor })
    expect(late.body.code).toBe('second_factor_expired')
    expect(late.headers.getSetCookie()).toEqual([])
  })
})
