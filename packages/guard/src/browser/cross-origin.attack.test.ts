// Pages of other sites: what they may read, what they may start, and what no spelling of an origin gets them.
import { describe, expect, it } from 'vitest'
import { renderDecision } from '../decision/render-problem.ts'
import { type GuardForTests, guardForTests, testActors } from '../kernel/guard-for-tests.ts'
import type { CorsPolicy } from './cors-policy.ts'

const listed = 'https://partner.example'
const cors: CorsPolicy = { origins: [listed, 'https://spa.example:8443'], credentials: true }

function setup(options: { cors?: CorsPolicy | undefined } & GuardForTests = {}) {
  const { cors: chosen = cors, policy, ...rest } = options
  return guardForTests({ ...rest, policy: { cors: chosen, ...policy } })
}

const from = (origin: string, more: Record<string, string> = {}) => ({
  headers: { origin, 'sec-fetch-site': 'cross-site', ...more },
})
const preflight = (origin: string, more: Record<string, string> = {}) => ({
  method: 'OPTIONS',
  ...from(origin, { 'access-control-request-method': 'PUT', ...more }),
})

describe('answers that a listed page may read', () => {
  it('name that page, allow cookies, show their limits and say that they depend on the origin', async () => {
    const { ask } = setup()
    const { headers } = await ask('open', undefined, from(listed))
    expect(headers).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'ratelimit, ratelimit-policy, retry-after, x-request-id',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      vary: 'Origin',
    })
    expect(headers).not.toHaveProperty('access-control-allow-methods')
    expect((await ask('open', undefined, from(listed))).headers).toBe(headers)
  })

  it('without credentials cookies are not allowed', async () => {
    const { ask } = setup({ cors: { origins: [listed] } })
    const { headers } = await ask('open', undefined, from(listed))
    expect(headers['access-control-allow-origin']).toBe(listed)
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  it('refusals can be read too', async () => {
    const { ask } = setup()
    const { reason, headers } = await ask('key', undefined, from(listed))
    expect([reason, headers['access-control-allow-origin']]).toEqual(['credential_missing', listed])
  })

  it('pages are never shared, nor is anything where CORS is not configured', async () => {
    const { ask } = setup()
    expect((await ask('page', undefined, from(listed))).headers).not.toHaveProperty('vary')
    const none = await guardForTests().ask('open', undefined, from(listed))
    expect(Object.keys(none.headers).filter((name) => /access-control|vary/.test(name))).toEqual([])
    expect(none.headers['cross-origin-resource-policy']).toBe('same-origin')
  })

  it('also carry it while the security headers are observed or off', async () => {
    const observed = await setup({ modes: { headers: 'observe' } }).ask('open', undefined, from(listed))
    expect(observed.headers['access-control-allow-origin']).toBe(listed)
    expect(observed.headers).not.toHaveProperty('x-frame-options')
    const off = await setup({ modes: { headers: 'off' } }).ask('open', undefined, from(listed))
    expect(off.headers['access-control-allow-origin']).toBe(listed)
  })

  it('add to a Vary that the policy sends anyway', async () => {
    const { ask } = setup({ policy: { headers: { override: { vary: 'Accept-Language' } } } })
    expect((await ask('open', undefined, from(listed))).headers.vary).toBe('Accept-Language, Origin')
  })
})

describe('origins that are not listed', () => {
  it.each([
    'https://evil.example',
    'null',
    '*',
    '',
    'https://partner.example.evil.example',
    'https://evil.example/https://partner.example',
    'https://partner.example:443',
    'https://partner.example/',
    'https://partner.example ',
    'HTTPS://PARTNER.EXAMPLE',
    'http://partner.example',
    'https://sub.partner.example',
    'https://partner.example, https://evil.example',
    'https://partner.example\r\nx: y',
    'https://spa.example',
    '__proto__',
    'constructor',
  ])('%j leaves no trace in the answer', async (origin) => {
    const { ask } = setup()
    const { headers } = await ask('open', undefined, from(origin))
    expect(Object.keys(headers).some((name) => name.startsWith('access-control'))).toBe(false)
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    // A cache must not hand this answer to a listed page, nor a listed page's answer to anybody else.
    expect(headers.vary).toBe('Origin')
    if (origin !== '') expect(JSON.stringify(headers)).not.toContain(origin.trim())
  })

  it('a repeated Origin header is no origin', async () => {
    const { ask } = setup()
    const { headers } = await ask('open', undefined, { headers: { origin: [listed, listed] } })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('a request without an origin gets no permission, but varies all the same', async () => {
    const { ask } = setup()
    const { headers } = await ask('open', undefined)
    expect(headers.vary).toBe('Origin')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })
})

describe('preflights', () => {
  it('are answered by the guard before anybody is identified, and remembered for an hour', async () => {
    const { guard, open } = setup()
    const passage = open('both', preflight(listed))
    const decision = await guard.pass(
      passage,
      () => {
        throw new Error('nobody is asked who they are')
      },
      undefined,
    )
    expect(renderDecision(decision)).toMatchObject({ status: 204, body: null })
    expect(guard.headersFor(passage)).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers':
        'authorization, content-type, idempotency-key, x-api-key, x-challenge-token',
      'access-control-max-age': '3600',
      vary: 'Origin',
    })
  })

  it('allow what the policy lists, never what the question asks for', async () => {
    const { ask } = setup({ cors: { ...cors, methods: ['PUT'], headers: ['x-one'], maxAgeSeconds: 60 } })
    const { headers } = await ask(
      'open',
      undefined,
      preflight(listed, {
        'access-control-request-method': 'CANARY',
        'access-control-request-headers': 'x-canary',
        'access-control-request-private-network': 'true',
      }),
    )
    expect(headers).toMatchObject({
      'access-control-allow-methods': 'GET, HEAD, POST, PUT',
      'access-control-allow-headers': 'x-one',
      'access-control-max-age': '60',
    })
    expect(JSON.stringify(headers)).not.toMatch(/canary|private/i)
  })

  it('cost a stranger’s request', async () => {
    const strangers = [{ name: 'few', by: 'address', quota: 2, windowMs: 60_000 }] as const
    const doors = { open: { authentication: 'none', strangers, onStoreFailure: 'local' } } as const
    const { ask } = setup({ policy: { doors } })
    const reasons = []
    for (let i = 0; i < 3; i++) reasons.push((await ask('open', undefined, preflight(listed))).reason)
    expect(reasons).toEqual(['preflight', 'preflight', 'rate_limited'])
  })

  it.each(['https://evil.example', 'null', '*'])(
    'of %s are refused, and somebody is told',
    async (origin) => {
      const { ask, events } = setup()
      const { reason, headers } = await ask('open', undefined, preflight(origin))
      expect(reason).toBe('origin_denied')
      expect(headers).not.toHaveProperty('access-control-allow-methods')
      expect(events).toMatchObject([{ event: 'origin.denied', details: { finding: 'not-listed' } }])
    },
  )

  it('an OPTIONS request that asks nothing is an ordinary request', async () => {
    const { ask } = setup()
    const { reason, headers } = await ask('open', undefined, { ...from(listed), method: 'OPTIONS' })
    expect(reason).toBe('allowed')
    expect(headers).not.toHaveProperty('access-control-max-age')
  })
})

describe('a listed page and the origin check', () => {
  const cookie = { cookie: 'session=1' }
  const post = (origin: string) => ({ method: 'POST', ...from(origin, cookie) })

  it('may use unsafe methods with a cookie when it is listed with credentials', async () => {
    const { ask } = setup()
    expect((await ask('session', testActors.session, post(listed))).reason).toBe('allowed')
    expect((await ask('open', undefined, post(listed))).reason).toBe('allowed')
    expect((await ask('session', testActors.session, post('https://evil.example'))).reason).toBe(
      'origin_denied',
    )
  })

  it('may not when it is listed without', async () => {
    const { ask } = setup({ cors: { origins: [listed] } })
    expect((await ask('session', testActors.session, post(listed))).reason).toBe('origin_denied')
    expect((await ask('open', undefined, post(listed))).reason).toBe('origin_denied')
    // With a key it needs no cookie, and so no permission.
    const keyed = { method: 'POST', ...from(listed, { authorization: 'Bearer k' }) }
    expect((await ask('both', testActors.key, keyed)).reason).toBe('allowed')
  })
})

describe('loopback origins', () => {
  const local = [
    'http://localhost:3000',
    'https://app.localhost',
    'http://127.0.0.1:5173',
    'http://127.9.9.9',
    'http://[::1]:3000',
    'http://[::ffff:7f00:1]',
    'http://0.0.0.0:8080',
  ]
  const transport = { plainHttp: 'require-https', publicOrigin: 'https://app.example' } as const
  const https = (origin: string) => ({ encrypted: true, ...from(origin, { cookie: 'session=1' }) })

  it.each(local)('%s is dropped where HTTPS is required, and somebody is told', async (origin) => {
    const { ask, guard, events } = setup({
      cors: { origins: [listed, origin], credentials: true },
      policy: { transport, browser: { origins: ['https://app.example', origin] } },
    })
    expect(guard.droppedOrigins).toEqual([origin])
    expect(events).toMatchObject([{ event: 'origin.dropped', details: { origin } }])
    const answer = await ask('session', testActors.session, { method: 'POST', ...https(origin) })
    expect(answer.reason).toBe('origin_denied')
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
    expect((await ask('open', undefined, https(listed))).headers['access-control-allow-origin']).toBe(listed)
  })

  it('count in development', async () => {
    const origin = 'http://localhost:5173'
    const { ask, guard } = setup({ cors: { origins: [origin] } })
    expect(guard.droppedOrigins).toEqual([])
    expect((await ask('open', undefined, from(origin))).headers['access-control-allow-origin']).toBe(origin)
  })

  it.each(['https://localhost.example', 'https://127.0.0.1.example', 'https://notlocalhost'])(
    '%s is somebody’s site',
    (origin) => {
      const { guard } = setup({ cors: { origins: [origin] }, policy: { transport } })
      expect(guard.droppedOrigins).toEqual([])
    },
  )
})
