// Sessions made of tokens, and operators who act for somebody, over two real processes on PostgreSQL and Redis.
import { redisAvailable, until } from '@levqor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestInstallation } from './start-levqor.ts'
import {
  type Browser,
  boundMs,
  browser,
  type Device,
  openStream,
  peopleAtTwo,
  program,
} from './two-process-people.ts'

describe.skipIf(!redisAvailable())('two API processes on PostgreSQL and Redis', () => {
  let levqor: Awaited<ReturnType<typeof peopleAtTwo>>
  beforeAll(async () => {
    levqor = await peopleAtTwo()
  }, 120_000)
  afterAll(() => levqor?.[Symbol.asyncDispose]())

  const renew = (server: TestInstallation, refresh_token: string) =>
    browser().ask(server, 'POST', '/api/auth/refresh', { refresh_token })
  const who = async (device: Device, server: TestInstallation) =>
    (await device.ask(server, 'GET', '/api/auth/me')).status

  /** Milliseconds from now until both processes refuse the device. */
  async function refusedByBoth(device: Device): Promise<number> {
    const since = performance.now()
    const refused = async () =>
      (await Promise.all([levqor.first, levqor.second].map((server) => who(device, server)))).every(
        (status) => status === 401,
      )
    await until(refused, { what: 'both processes to refuse the session', timeoutMs: 5_000 })
    return performance.now() - since
  }

  it('one refresh token shown 100 times at once at both makes one successor, and nobody is signed out', async () => {
    const { first, second, somewhere, person } = levqor
    const ada = await person('ada@example.com')
    const { refreshToken } = await ada.signInProgram(first)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => renew(somewhere(i), refreshToken)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const successors = new Set(answers.map(({ body }) => body.refresh_token))
    expect(successors.size).toBe(1)
    const renewed = program(answers.at(-1)?.body.access_token)
    const { items } = (await renewed.ask(second, 'GET', '/api/auth/sessions')).body
    expect(items).toMatchObject([{ current: true, method: 'password' }])
    for (const { body } of answers.slice(0, 4)) {
      for (const server of [first, second]) expect(await who(program(body.access_token), server)).toBe(200)
    }
    const [successor = ''] = successors
    expect((await renew(second, successor)).status).toBe(200)
  }, 120_000)

  it('a stolen refresh token that is shown after its window ends the family at both, its live streams too, and no other', async () => {
    const { first, second, person, change, mailTexts } = levqor
    const bo = await person('bo@example.com')
    const laptop = await bo.signIn(second)
    const stolen = await bo.signInProgram(first)
    const mine = (await renew(second, stolen.refreshToken)).body
    const owner = program(mine.access_token)
    const streams = [await openStream(owner, first), await openStream(owner, second)]
    // The one that was replaced still belongs to whoever lost a race for it.
    expect((await renew(first, stolen.refreshToken)).body.refresh_token).toBe(mine.refresh_token)
    const aged = await change(
      `UPDATE refresh_families SET rotated_at =
         (SELECT jsonb_agg((at::bigint) - 10001) FROM jsonb_array_elements_text(rotated_at) AS at)
       WHERE jsonb_array_length(rotated_at) = 1 AND ended_cause IS NULL`,
    )
    expect(aged).toBeGreaterThan(0)

    expect(await renew(first, stolen.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'credential_invalid' },
    })
    const shownAt = performance.now()
    expect(await refusedByBoth(owner)).toBeLessThan(boundMs)
    for (const { cut } of streams) expect((await cut) - shownAt).toBeLessThan(boundMs)
    for (const token of [stolen.refreshToken, mine.refresh_token]) {
      for (const server of [first, second]) expect((await renew(server, token)).status).toBe(401)
    }
    for (const server of [first, second]) expect(await who(laptop, server)).toBe(200)
    expect(await mailTexts('bo@example.com', /^We ended one of your sessions/)).toHaveLength(1)
  }, 120_000)

  describe('an operator who acts for somebody', () => {
    /** @param watched where the operator's live stream is open */
    async function act(email: string, watched: TestInstallation) {
      const { first, second, person } = levqor
      const somebody = await person(email)
      const own = await somebody.signIn(first)
      const operator = await operatorAt(first)
      const { user } = (await own.ask(second, 'GET', '/api/auth/me')).body
      const reason = 'Their jobs do not run, they asked.'
      const asked = { user_id: user.id, reason }
      expect((await operator.ask(first, 'POST', '/api/admin/impersonate', asked)).status).toBe(200)
      const acting = operator.copy()
      for (const server of [first, second]) {
        expect((await acting.ask(server, 'GET', '/api/auth/me')).body).toMatchObject({
          user: { email },
          impersonation: { reason },
        })
      }
      // Of a job that the person has begun: an operator watches.
      return { own, operator, acting, stream: await openStream(own, watched, acting) }
    }

    it('stops at one process, and at the other is nobody within the bound; the live stream there is cut', async () => {
      const { first, second } = levqor
      const { operator, acting, stream, own } = await act('cy@example.com', second)
      expect((await operator.ask(first, 'DELETE', '/api/admin/impersonate')).body).toEqual({ returned: true })
      const stoppedAt = performance.now()
      expect(await refusedByBoth(acting)).toBeLessThan(boundMs)
      expect((await stream.cut) - stoppedAt).toBeLessThan(boundMs)
      expect((await operator.ask(second, 'GET', '/api/auth/me')).body.operator).toBe(true)
      expect(await who(own, second)).toBe(200)
    }, 120_000)

    it('is ended by the person at one process, and with that at the other', async () => {
      const { first, second } = levqor
      const { own, acting, stream } = await act('di@example.com', first)
      const { items } = (await own.ask(second, 'GET', '/api/auth/sessions')).body
      const visit = items.find(({ method }: { method: string }) => method === 'impersonation')
      expect((await own.ask(second, 'DELETE', `/api/auth/sessions/${visit.id}`)).status).toBe(204)
      const endedAt = performance.now()
      expect(await refusedByBoth(acting)).toBeLessThan(boundMs)
      expect((await stream.cut) - endedAt).toBeLessThan(boundMs)
      expect(await who(own, first)).toBe(200)
    }, 120_000)
  })

  let operatorsTab: Browser | undefined

  /** The first administrator; the link of the first run works once. */
  async function operatorAt(server: TestInstallation) {
    if (operatorsTab === undefined) {
      operatorsTab = browser()
      const token = new URL(server.firstRun.sign_in_link).hash.replace('#token=', '')
      expect((await operatorsTab.ask(server, 'POST', '/api/auth/magic-link/verify', { token })).status).toBe(
        200,
      )
    }
    return operatorsTab
  }
})
