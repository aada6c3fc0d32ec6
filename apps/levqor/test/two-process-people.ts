// People at two real processes on PostgreSQL and Redis: their browsers and programs, their mail, and what they watch.
import { openDatabase } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { createIds } from '@levqor/server'
import { redisForTests, until } from '@levqor/testing'
import { expect } from 'vitest'
import { levqorSchemas } from '../src/start/schemas.ts'
import type { TestInstallation, TestResponse } from './start-levqor.ts'
import { twoProcesses } from './start-two-processes.ts'

/** Both stand behind one address, as behind a balancer: what one issues is the other's, too. */
const publicUrl = 'http://levqor.localhost'

/** The published bound on revocation. */
export const boundMs = 1_000
export const password = 'four unlikely words together'

export interface Device {
  headers(): Record<string, string>
  ask(server: TestInstallation, method: string, path: string, body?: object): Promise<TestResponse>
}

export interface Browser extends Device {
  /** Another one that holds the same cookies. */
  copy(): Browser
}

/** A browser: keeps its cookies and takes them to whichever process it asks. */
export function browser(cookies: Iterable<readonly [string, string]> = []): Browser {
  const jar = new Map<string, string>(cookies)
  return {
    copy: () => browser(jar),
    headers: () => ({
      origin: publicUrl,
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
    }),
    async ask(server, method, path, body) {
      const headers = this.headers()
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

/** A program: keeps its access token and sends neither cookies nor an origin. */
export function program(accessToken: string): Device {
  const headers = () => ({ authorization: `Bearer ${accessToken}` })
  return {
    headers,
    ask: (server, method, path, body) =>
      server.request(method, path, { key: null, headers: headers(), ...(body ? { body } : {}) }),
  }
}

export async function peopleAtTwo() {
  const redis = await redisForTests()
  const installation = await twoProcesses(
    redis.url,
    { LEVQOR_URL: publicUrl, LEVQOR_REGISTRATION: 'open' },
    // Somebody has to write the mails.
    'api,worker,scheduler',
  )
  const { first, second } = installation
  const somewhere = (i: number) => (i % 2 === 0 ? first : second)

  /** Texts of all mails of a subject to an address, the newest first. */
  async function mailTexts(to: string, subject: RegExp): Promise<readonly string[]> {
    const { items } = (await first.request('GET', '/ops/outbox')).body
    const mails = items.filter(
      (mail: { to: string; subject: string }) => mail.to === to && subject.test(mail.subject),
    )
    return Promise.all(
      mails.map(
        async ({ id }: { id: string }) => (await second.request('GET', `/ops/outbox/${id}`)).body.text,
      ),
    )
  }

  async function mailedToken(to: string, subject: RegExp): Promise<string> {
    let token = ''
    await until(
      async () => {
        token = /#token=([\w-]+)/.exec((await mailTexts(to, subject)).at(0) ?? '')?.[1] ?? ''
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
        return { ...program(answer.body.access_token), refreshToken: String(answer.body.refresh_token) }
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
    mailTexts,
    mailedToken,
    /** As if something had happened that no test can wait for. */
    async change(sql: string): Promise<number> {
      const clock = { now: Date.now }
      const options = { url: installation.databaseUrl, schemas: levqorSchemas, clock, ids: createIds(clock) }
      const database = await openDatabase({ ...options, migrate: false, poolSize: 1 })
      try {
        return await asSystem(database).transaction((tx) => tx.run(sql))
      } finally {
        await database.close()
      }
    },
    async [Symbol.asyncDispose]() {
      await installation[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
    },
  }
}

/** A stream of a job of the person's own, open at a server for them or for who watches. Tells when it is cut. */
export async function openStream(tab: Device, server: TestInstallation, watcher = tab) {
  const job = await tab.ask(server, 'POST', '/api/v1/intake', {
    workflow: 'page-digest',
    payload: { url: 'http://127.0.0.1:9/' },
    // It waits for longer than the test runs, so only the end of the session ends its stream.
    run_at: new Date(Date.now() + 3_600_000).toISOString(),
  })
  expect(job.status).toBe(202)
  const response = await fetch(`${server.url}/api/v1/jobs/${job.body.job_id}/events`, {
    headers: watcher.headers(),
  })
  expect(response.status).toBe(200)
  const drain = async () => {
    for await (const _ of response.body ?? []);
    return performance.now()
  }
  return { cut: drain() }
}
