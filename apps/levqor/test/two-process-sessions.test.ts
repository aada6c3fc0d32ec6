// Accounts and sessions over two real processes on PostgreSQL and Redis: what happens at one holds at the other, and what
// arrives at both at once happens once.
import { redisAvailable, until } from '@levqor/testing'
import { describe, expect, it } from 'vitest'
import { boundMs, browser, openStream, password, peopleAtTwo } from './two-process-people.ts'

describe.skipIf(!redisAvailable())('two API processes on PostgreSQL and Redis', () => {
  it.each([
    ['an opaque session', 'signIn'],
    ['a session made of tokens', 'signInProgram'],
  ] as const)(
    '%s begun at one is good at both; ended at one, its requests and live streams end at the other within the bound',
    async (_, signIn) => {
      await using levqor = await peopleAtTwo()
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
    await using levqor = await peopleAtTwo()
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
    await using levqor = await peopleAtTwo()
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
    await using levqor = await peopleAtTwo()
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
