// Wrong passwords over HTTP: each lock is as long as it says, the second longer than the first, and none tells an account
// that exists from one that does not.
import { eachStore } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { password, twoSteps } from '../second-factor/test-two-steps.ts'
import { type TestInstallation, testInstallation } from '../test-installation.ts'

const minute = 60_000
const known = 'ada@example.com'
const unknown = 'nobody@example.com'

eachStore((store) => {
  let installation: TestInstallation
  afterEach(() => installation.stop())

  it('five wrong ones lock for 15 minutes, then for 30 and never longer; Retry-After is right to the second, for an account that does not exist as well', async () => {
    installation = await testInstallation(store)
    const { clock } = installation
    const { register, post } = twoSteps(installation)
    await register(known)

    /** What both accounts are answered; it must be the same. */
    async function both(word: string): Promise<string> {
      const [mine, nobodys] = [
        await post('login', { email: known, password: word }),
        await post('login', { email: unknown, password: word }),
      ].map(({ status, headers, body }) => [
        `${status} ${body.code}, ${headers.get('retry-after')}`,
        Object.keys(body),
        body.detail,
        body.retry_after,
      ])
      expect(mine).toEqual(nobodys)
      return String(mine?.[0])
    }
    const locked = (seconds: number) => `429 locked, ${seconds}`

    for (const minutes of [15, 30, 30]) {
      for (let i = 0; i < 5; i++) expect(await both('a wrong password of mine')).toMatch(/^401 invalid_cred/)
      // Wrong or right makes no difference, and none of it makes the lock longer.
      for (const word of ['a wrong password of mine', password]) {
        expect(await both(word)).toBe(locked(minutes * 60))
      }
      clock.advance(minute)
      expect(await both(password)).toBe(locked((minutes - 1) * 60))
      clock.advance((minutes - 1) * minute - 1_001)
      expect(await both(password)).toBe(locked(2))
      clock.advance(1_000)
      expect(await both(password)).toBe(locked(1))
      clock.advance(1)
    }
    expect((await post('login', { email: known, password })).status).toBe(200)
    expect(await post('login', { email: unknown, password })).toMatchObject({
      status: 401,
      body: { code: 'invalid_credentials' },
    })
    // Whoever has been right starts anew.
    for (let i = 0; i < 5; i++) await post('login', { email: known, password: 'a wrong password of mine' })
    const again = await post('login', { email: known, password })
    expect([again.status, again.headers.get('retry-after')]).toEqual([429, String(15 * 60)])
  }, 60_000)
})
