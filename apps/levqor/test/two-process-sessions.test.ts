// Accounts and sessions over two real processes on PostgreSQL and Redis: what happens at one holds at the other, and what
// arrives at both at once happens once.
import { redisAvailable, redisForTests, until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import type { TestInstallation, TestResponse } from './start-levqor.ts'
import { twoProcesses } from './start-two-processes.ts'

/** The published bound on revocation. */
const boundMs = 1_000
const password = 'four unlikely words together'

/** A browser: keeps its cookies and takes them to whichever process it asks. */
function browser() {
  const jar = new Map<string, string>()
  return {
    headers: (server: TestInstallation): Record<string, string> => ({
      origin: server.url,
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
    }),
    async ask(server: TestInstallation, method: string, path: string, body?: object): Promise<TestResponse> {
      const headers = this.headers(server)
      const answer = await server.request(method, path, { key: null, headers, ...(body ? { body } : {}) })
      for (const line of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
        if (/Max-Age=0(;|$)/.test(line)) jar.delete(name)
        else jar.set(name, value)
      }
      return answer
    },
  }
}

type Device = ReturnType<typeof browser>

/** A program: keeps its access token and sends neither cookies nor an origin. */
function program(accessToken: string): Device {
  const headers = () => ({ authorization: `Bearer ${accessToken}` })
  return {
    headers,
    ask: (server, method, path, body) =>
      server.request(method, path, { key: null, headers: headers(), ...(body ? { body } : {}) }),
  }
}

async function setup() {
  const redis = await redisForTests()
  const installation = await twoProcesses(
    redis.url,
    { LEVQOR_REGISTRATION: 'open' },
    // Somebody has to write the mails.
    'api,worker,scheduler',
  )
  const { first, second } = installation
  const somewhere = (i: number) => (i % 2 === 0 ? first : second)

  /** Tokens of all mails of a subject to an address. */
  async function mailedTokens(to: string, subject: RegExp): Promise<readonly string[]> {
    const { items } = (await first.request('GET', '/ops/outbox')).body
    const mails = items.filter(
      (mail: { to: string; subject: string }) => mail.to === to && subject.test(mail.subject),
    )
    const texts = await Promise.all(
      mails.map(
        async ({ id }: { id: string }) => (await second.request('GET', `/ops/outbox/${id}`)).body.text,
      ),
    )
    return texts.map((text) => /#token=([\w-]+)/.exec(text)?.[1] ?? '')
  }

  async function mailedToken(to: string, subject: RegExp): Promise<string> {
    let token = ''
    await until(
      async () => {
        token = (await mailedTokens(to, subject)).at(0) ?? ''
        return token !== ''
      },
      { what: `a mail ${subject} to ${to}`, timeoutMs: 10_000 },
    )
    return token
  }

  async function register(email: string) {
    const tab = browser()
    const asked = await tab.ask(first, 'POST', '/api/auth/register', { email, password })
    expect(asked.status).toBe(202)
    return { tab, token: await mailedToken(email, /Confirm your address/) }
  }

  async function person(email: string) {
    const { tab, token } = await register(email)
    expect((await tab.ask(second, 'POST', '/api/auth/verify-email', { token })).status).toBe(200)
    return {
      email,
      signIn: (server: TestInstallation) => signIn(email, server),
      async signInProgram(server: TestInstallation) {
        const body = { email, password, transport: 'bearer' }
        const answer = await browser().ask(server, 'POST', '/api/auth/login', body)
        expect(answer.status).toBe(200)
        return program(answer.body.access_token)
      },
    }
  }

  async function signIn(email: string, server: TestInstallation) {
    const tab = browser()
    const answer = await tab.ask(server, 'POST', '/api/auth/login', { email, password })
    expect(answer.status).toBe(200)
    return tab
  }

  return {
    first,
    second,
    somewhere,
    register,
    person,
    mailedToken,
    async [Symbol.asyncDispose]() {
      await installation[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
    },
  }
}

/** A stream of a job of the person's own, open at a server. Tells when it is cut. */
async function openStream(tab: Device, server: TestInstallation) {
  const job = await tab.ask(server, 'POST', '/api/v1/intake', {
    workflow: 'page-digest',
    payload: { url: 'http://127.0.0.1:9/' },
    // It waits for longer than the test runs, so only the end of the session ends its stream.
    run_at: new Date(Date.now() + 3_600_000).toISOString(),
  })
  expect(job.status).toBe(202)
  const response = await fetch(`${server.url}/api/v1/jobs/${job.body.job_id}/events`, {
    headers: tab.headers(server),
  })
  expect(response.status).toBe(200)
  const drain = async () => {
    for await (const _ of response.body ?? []);
    return performance.now()
  }
  return { cut: drain() }
}

describe.skipIf(!redisAvailable())('two API processes on PostgreSQL and Redis', () => {
  it.each([
    ['an opaque session', 'signIn'],
    ['a session made of tokens', 'signInProgram'],
  ] as const)(
    '%s begun at one is good at both; ended at one, its requests and live streams end at the other within the bound',
    async (_, signIn) => {
      await using levqor = await setup()
      const { first, second, person } = levqor
      const ada = await person('ada@example.com')
      const laptop = await ada.signIn(first)
      const phone = await ada[signIn](second)
      expect((await laptop.ask(second, 'GET', '/api/auth/me')).body.user.email).toBe('ada@example.com')
      const { items } = (await laptop.ask(second, 'GET', '/api/auth/sessions')).body
      expect(items.map(({ current }: { current: boolean }) => current).sort()).toEqual([false, true])
      const stream = await openStream(phone, second)
      const other = items.find(({ current }: { current: boolean }) => !current)

      const endedAt = performance.now()
      expect((await laptop.ask(first, 'DELETE', `/api/auth/sessions/${other.id}`)).status).toBe(204)
      await until(async () => (await phone.ask(second, 'GET', '/api/auth/me')).status === 401, {
        what: 'the other process to refuse the session',
        timeoutMs: 5_000,
      })
      expect(performance.now() - endedAt).toBeLessThan(boundMs)
      const cutAfter = (await stream.cut) - endedAt
      expect(cutAfter).toBeGreaterThan(0)
      expect(cutAfter).toBeLessThan(boundMs)
      expect((await laptop.ask(second, 'GET', '/api/auth/me')).status).toBe(200)
    },
    120_000,
  )

  it('100 parallel confirmations of one address at both: one account; 100 parallel resets with one token: one effect', async () => {
    await using levqor = await setup()
    const { first, somewhere, register, mailedToken } = levqor
    const email = 'bo@example.com'
    const { tab, token } = await register(email)
    const confirmed = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        tab.ask(somewhere(i), 'POST', '/api/auth/verify-email', { token }),
      ),
    )
    expect(confirmed.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(confirmed.filter(({ status }) => status !== 200).map(({ body }) => body.code))).toEqual(
      new Set(['token_used']),
    )
    expect((await browser().ask(first, 'POST', '/api/auth/forgot-password', { email })).status).toBe(202)
    const reset = await mailedToken(email, /Choose a new password/)
    const chosen = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const mine = `another unlikely password ${i}`
        const body = { token: reset, password: mine }
        return { mine, answer: await browser().ask(somewhere(i), 'POST', '/api/auth/reset-password', body) }
      }),
    )
    const effective = chosen.filter(({ answer }) => answer.status === 200)
    expect(effective).toHaveLength(1)
    const [winner] = effective
    const signedIn = await browser().ask(first, 'POST', '/api/auth/login', { email, password: winner?.mine })
    expect(signedIn.status).toBe(200)
  }, 120_000)

  it('wrong passwords at both are counted together: at most five are looked at, and a restart forgives nobody', async () => {
    await using levqor = await setup()
    const { first, second, somewhere, person } = levqor
    const { email } = await person('cy@example.com')
    const wrong = { email, password: 'wrong wrong wrong wrong' }
    const tried = await Promise.all(
      Array.from({ length: 60 }, (_, i) => browser().ask(somewhere(i), 'POST', '/api/auth/login', wrong)),
    )
    const codes = tried.map(({ body }) => body.code)
    expect(codes.filter((code) => code === 'invalid_credentials').length).toBeLessThanOrEqual(5)
    expect(codes).toContain('locked')
    await second.restart('SIGKILL')
    for (const server of [first, second]) {
      const right = await browser().ask(server, 'POST', '/api/auth/login', { email, password })
      expect([right.status, right.body.code]).toEqual([429, 'locked'])
      expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(600)
    }
  }, 120_000)

  it('parallel rotations of one key, and parallel acceptances of one invitation, at both: one effect each', async () => {
    await using levqor = await setup()
    const { first, somewhere, person, mailedToken } = levqor
    const owner = await (await person('di@example.com')).signIn(first)
    const guest = await (await person('ed@example.com')).signIn(first)
    const { id } = (await owner.ask(first, 'POST', '/api/v1/api-keys', { name: 'rotated' })).body
    const rotated = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        owner.ask(somewhere(i), 'POST', `/api/v1/api-keys/${id}/rotate`, { overlap_minutes: 60 }),
      ),
    )
    expect(rotated.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(new Set(rotated.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
      new Set(['key_rotated']),
    )
    const { workspace } = (await owner.ask(first, 'GET', '/api/auth/me')).body
    const invited = await owner.ask(first, 'POST', `/api/v1/workspaces/${workspace.id}/invitations`, {
      email: 'ed@example.com',
      role: 'member',
    })
    expect(invited.status).toBe(201)
    const token = await mailedToken('ed@example.com', /invit/i)
    const accepted = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        guest.ask(somewhere(i), 'POST', '/api/v1/workspaces/invitations/accept', { token }),
      ),
    )
    // Whoever clicks twice has accepted.
    expect(new Set(accepted.map(({ status }) => status))).toEqual(new Set([200]))
    const members = (await owner.ask(first, 'GET', `/api/v1/workspaces/${workspace.id}/members`)).body
    expect(members.items.map(({ role }: { role: string }) => role).sort()).toEqual(['member', 'owner'])
  }, 120_000)
})
