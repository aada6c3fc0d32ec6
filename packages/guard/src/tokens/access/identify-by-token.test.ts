import { describe, expect, it } from 'vitest'
import { renderDecision } from '../../decision/render-problem.ts'
import { createGuard } from '../../kernel/create-guard.ts'
import type { IdentifyResult } from '../../kernel/identity.ts'
import type { Exchange } from '../../kernel/passage.ts'
import { createMemoryLimitStore } from '../../limits/memory-limit-store.ts'
import type { Policy, StoreFailureMode } from '../../policy/policy.ts'
import { createTokenCookies } from '../cookies/token-cookies.ts'
import type { Revocations } from '../revocation/revocations.ts'
import { accessTokensForTests, collectedEvents, startMs, testPolicy } from '../test-tokens.ts'
import { type IdentifyByTokenOptions, identifyByToken, type TokenActor } from './identify-by-token.ts'

const limit = { name: 'plenty', by: 'address', quota: 10_000, windowMs: 60_000 } as const

const policyOf = (onStoreFailure: StoreFailureMode): Policy => ({
  doors: {
    mine: { authentication: 'session', strangers: [limit], actors: [limit], onStoreFailure },
    unmatched: { authentication: 'none', strangers: [limit], onStoreFailure },
  },
  unmatched: 'unmatched',
  credentialGuesses: { ...limit, name: 'guesses' },
  clientAddress: { trustedProxies: [] },
  browser: { origins: ['https://app.example'] },
  transport: { plainHttp: 'allow' },
})

async function setup(
  options: Partial<IdentifyByTokenOptions> = {},
  revocations: Partial<{ revocations: Revocations }> = {},
) {
  const parts = await accessTokensForTests(revocations)
  const cookies = createTokenCookies(
    { ...testPolicy, cookies: { refreshPath: '/auth/refresh' } },
    { https: true },
  )
  const identify = identifyByToken({
    accessTokens: parts.accessTokens,
    cookie: cookies.access,
    toActor: ({ sub }) => ({ kind: 'user', id: sub, accountId: sub }),
    ...options,
  })
  const token = await parts.accessTokens.issue({ sub: 'user_1', sid: 'session_1' })
  return { ...parts, identify, token }
}

const actor = (by: 'cookie' | 'header'): IdentifyResult => ({
  outcome: 'identified',
  actor: {
    kind: 'user',
    id: 'user_1',
    accountId: 'user_1',
    via: 'token',
    by,
    sessionId: 'session_1',
    familyId: 'session_1',
    issuedAtMs: startMs,
  },
})

describe('identification by access token', () => {
  it('takes it from the Authorization field, whatever its scheme’s spelling, and says so', async () => {
    const { identify, token } = await setup()
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const headers = { authorization: `${scheme} ${token}` }
      expect(identify({ headers })).toEqual(actor('header'))
    }
    const fetched = new Request('https://app.example', { headers: { authorization: `Bearer ${token}` } })
    expect(identify(fetched)).toEqual(actor('header'))
  })

  it('takes it from the cookie, and says so, because a browser sends that for whoever asks', async () => {
    const { identify, token } = await setup()
    const headers = { cookie: `theme=dark; __Host-access=${token}` }
    expect(identify({ headers })).toEqual(actor('cookie'))
    expect(identify(new Request('https://app.example', { headers }))).toEqual(actor('cookie'))
  })

  it('a stranger costs nothing to find out', async () => {
    const { identify } = await setup()
    const missing = { outcome: 'missing' }
    expect(identify({ headers: {} })).toEqual(missing)
    expect(identify({ headers: { cookie: 'access=x; __Host-other=y' } })).toEqual(missing)
    expect(identify({ headers: { get: 'a header of this name' } })).toEqual(missing)
    expect(identify(new Request('https://app.example'))).toEqual(missing)
  })

  it.each([
    ['a scheme that is none of ours', { authorization: 'Basic dXNlcjpwYXNz' }, 'token_segments'],
    ['a token of somebody else’s making', { authorization: 'Bearer abc' }, 'token_segments'],
    ['the field twice', { authorization: ['Bearer a', 'Bearer b'] }, 'token_segments'],
    ['two cookies of the name', { cookie: '__Host-access=a; __Host-access=b' }, 'cookie_twice'],
    ['a cookie of odd letters', { cookie: '__Host-access="a"' }, 'cookie_form'],
  ])('refuses %s with its cause', async (_, headers, cause) => {
    const { identify } = await setup()
    expect(identify({ headers })).toEqual({ outcome: 'invalid', cause })
  })

  it('a field that does not hold is not helped by a cookie that does', async () => {
    const { identify, token } = await setup()
    const headers = { authorization: 'Bearer x', cookie: `__Host-access=${token}` }
    expect(identify({ headers })).toMatchObject({ outcome: 'invalid' })
  })

  it('takes only what it was told to take', async () => {
    const { accessTokens, token, identify: byCookie } = await setup({ bearer: false })
    const headers = { authorization: `Bearer ${token}` }
    expect(byCookie({ headers })).toEqual({ outcome: 'missing' })
    const byField = identifyByToken({ accessTokens, toActor: ({ sub }) => ({ kind: 'user', id: sub }) })
    expect(byField({ headers: { cookie: `__Host-access=${token}` } })).toEqual({
      outcome: 'missing',
    })
  })

  it('the application may look somebody up, and find nobody', async () => {
    const found: TokenActor = { kind: 'user', id: 'user_1', accountId: 'user_1' }
    const late = await setup({ toActor: async () => found })
    const headers = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
    expect(await late.identify(headers(late.token))).toEqual(actor('header'))
    const gone = { outcome: 'invalid', cause: 'actor_gone' }
    const nobody = await setup({ toActor: () => undefined })
    expect(nobody.identify(headers(nobody.token))).toEqual(gone)
    const nobodyLater = await setup({ toActor: async () => undefined })
    expect(await nobodyLater.identify(headers(nobodyLater.token))).toEqual(gone)
  })
})

describe('when neither bus nor store can say whether a token was ended', () => {
  const cases = [
    ['deny', 'GET', 'deny credential_unverifiable'],
    ['deny', 'POST', 'deny credential_unverifiable'],
    ['local', 'GET', 'degrade credential_unverifiable'],
    ['allow', 'HEAD', 'degrade credential_unverifiable'],
    ['local', 'POST', 'deny credential_unverifiable'],
    ['allow', 'DELETE', 'deny credential_unverifiable'],
  ] as const

  it.each(cases)('a door with "%s" and %s: %s, and one event says so', async (mode, method, expected) => {
    let answer: Promise<undefined> = Promise.resolve(undefined)
    const revocations: Revocations = {
      find: () => answer,
      revoke: async () => {},
      onRevoked: () => () => {},
      alive: false,
      stop: async () => {},
    }
    const { identify, token, clock } = await setup({}, { revocations })
    const events = collectedEvents()
    const guard = createGuard({
      policy: policyOf(mode),
      store: createMemoryLimitStore({ clock }),
      events,
      clock,
    })
    const headers = { authorization: `Bearer ${token}` }
    const ask = async () => {
      const exchange = { method, url: '/', remoteAddress: '203.0.113.7', encrypted: true, headers }
      const passage = guard.open(guard.door('mine') ?? guard.unmatched, exchange)
      const { outcome, reason } = await guard.pass(passage, identify, { headers })
      return `${outcome} ${reason}`
    }
    expect(await identify({ headers })).toEqual(actor('header'))
    expect(await ask()).toBe('allow allowed')
    answer = Promise.reject(new Error('down'))
    expect(await identify({ headers })).toEqual({ ...actor('header'), outcome: 'unverified' })
    expect([await ask(), await ask()]).toEqual([expected, expected])
    expect(events.all.map(({ event }) => event)).toEqual(['identity.store_failed'])
  })
})

describe('the answer to the outside', () => {
  it('is the same for every cause, to the letter; the cause is in the event', async () => {
    const { identify, token, accessTokens, revocations, clock } = await setup()
    const events = collectedEvents()
    const guard = createGuard({
      policy: policyOf('deny'),
      store: createMemoryLimitStore({ clock }),
      events,
      clock,
    })
    const mine = guard.door('mine')
    if (mine === undefined) throw new Error('It is in the policy.')
    const ask = async (text: string) => {
      const headers = { authorization: `Bearer ${text}` }
      const exchange: Exchange = {
        method: 'GET',
        url: '/',
        remoteAddress: '192.0.2.1',
        encrypted: true,
        headers,
      }
      return guard.pass(guard.open(mine, exchange), identify, exchange)
    }
    expect((await ask(token)).outcome).toBe('allow')
    const ended = await accessTokens.issue({ sub: 'user_2', sid: 'session_2' })
    const forgetAtMs = clock.now() + 1000
    await revocations.revoke({ kind: 'session', id: 'session_2', cause: 'operator', forgetAtMs })
    const wrong = [ended, `${token}x`, `${token.slice(0, -2)}AA`, 'x', 'a.b.c', '']
    const answers = new Set<string>()
    for (const text of wrong) {
      const decision = await ask(text)
      expect(decision.outcome).toBe('deny')
      answers.add(JSON.stringify(renderDecision({ ...decision, limits: [] })))
    }
    clock.advance(900_000)
    answers.add(JSON.stringify(renderDecision({ ...(await ask(token)), limits: [] })))
    expect(answers.size).toBe(1)
    expect([...answers][0]).toContain('credential_invalid')
    expect(events.all.map(({ details }) => details?.cause)).toEqual([
      'revoked',
      'signature_wrong',
      expect.stringMatching(/^(signature_wrong|token_encoding)$/),
      'token_segments',
      'token_encoding',
      'token_segments',
      'expired',
    ])
    expect(JSON.stringify(events.all)).not.toContain(token.slice(0, 40))
  })
})
