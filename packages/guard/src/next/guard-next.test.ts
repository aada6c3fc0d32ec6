import { describe, expect, it, vi } from 'vitest'
import {
  createGuard,
  createMemoryLimitStore,
  type DoorRule,
  type IdentifyResult,
  type Policy,
} from '../index.ts'
import {
  type Connection,
  type GuardNextOptions,
  guardNext,
  guardNextProxy,
  guardNextUnmatched,
  sharedGuard,
} from './index.ts'

const strangers = [{ name: 'strangers', by: 'address', quota: 3, windowMs: 60_000 }] as const
const actors = [{ name: 'per-key', by: 'credential', quota: 10, windowMs: 60_000 }] as const
const doors = {
  open: { authentication: 'none', strangers, onStoreFailure: 'local' },
  page: { authentication: 'none', serves: 'page', strangers, onStoreFailure: 'local' },
  known: { authentication: 'session-or-key', strangers, actors, onStoreFailure: 'local' },
} as const satisfies Record<string, DoorRule>
const policy: Policy = {
  doors,
  unmatched: 'open',
  routes: { 'GET /': 'page', 'GET /api/notes': 'known' },
  credentialGuesses: { name: 'guesses', by: 'address', quota: 100, windowMs: 60_000 },
  clientAddress: { trustedProxies: [] },
  browser: { origins: [] },
  transport: { plainHttp: 'allow' },
}

const identify = (request: Request): IdentifyResult => {
  const key = request.headers.get('authorization')
  if (key === null) return { outcome: 'missing' }
  return { outcome: 'identified', actor: { kind: 'apiKey', id: key, keyId: key, via: 'key' } }
}
const connection = (request: Request): Connection => ({
  remoteAddress: request.headers.get('x-platform-address') ?? '192.0.2.7',
  encrypted: true,
})
const options: GuardNextOptions = { identify, connection }
const auth = { authorization: 'k' }

function setup(facts: Partial<Policy> = {}) {
  const clock = { now: () => 1_800_000_000_000 }
  return createGuard({ policy: { ...policy, ...facts }, store: createMemoryLimitStore({ clock }), clock })
}
const send = (path = '/api/notes?q=1', init: RequestInit = {}) =>
  new Request(`https://app.example${path}`, init)

describe('guardNextUnmatched', () => {
  it('answers 404 with headers, and counts', async () => {
    const handler = guardNextUnmatched(setup(), { connection })
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await handler(send('/api/nowhere')))
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429])
    expect(answers[0]?.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answers[0]?.json()).toMatchObject({ code: 'not_found', instance: '/api/nowhere' })
  })
})

describe('guardNext', () => {
  it('hands over what the guard knows and adds headers and limits to the answer', async () => {
    const handler = guardNext(
      setup(),
      'known',
      async (_, { actor, clientIp }) => Response.json([actor?.id, clientIp], { headers: { 'x-own': '1' } }),
      options,
    )
    const answer = await handler(send('/api/notes', { headers: auth }))
    expect(await answer.json()).toEqual(['k', '192.0.2.7'])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-own': '1',
      'x-frame-options': 'DENY',
      'strict-transport-security': expect.stringContaining('max-age='),
      'ratelimit-policy': '"per-key";q=10;w=60',
      ratelimit: '"per-key";r=9;t=6',
    })
  })

  it('passes the route’s own context on', async () => {
    const handler = guardNext(
      setup(),
      'open',
      async (_, __, { params }: { params: Promise<{ id: string }> }) => new Response((await params).id),
    )
    expect(await (await handler(send(), { params: Promise.resolve({ id: 'n1' }) })).text()).toBe('n1')
  })

  it('refuses with a problem document and never reads the body', async () => {
    let handled = false
    const handler = guardNext(
      setup(),
      'known',
      () => {
        handled = true
        return new Response()
      },
      options,
    )
    const request = send('/api/notes?secret=1', { method: 'POST', body: '{' })
    const answer = await handler(request)
    expect([answer.status, handled, request.bodyUsed]).toEqual([401, false, false])
    expect(await answer.json()).toMatchObject({
      code: 'credential_missing',
      instance: '/api/notes',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'www-authenticate': 'Bearer',
      'x-content-type-options': 'nosniff',
    })
  })

  it('changes answers whose headers cannot be changed, and keeps several cookies apart', async () => {
    const guard = setup()
    const away = guardNext(guard, 'open', () => Response.redirect('https://app.example/elsewhere', 303))
    const redirect = await away(send())
    expect([redirect.status, redirect.headers.get('location')]).toEqual([
      303,
      'https://app.example/elsewhere',
    ])
    expect(redirect.headers.get('x-frame-options')).toBe('DENY')
    const cookies = guardNext(guard, 'open', () => {
      const headers = new Headers()
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
      return new Response(null, { status: 204, headers })
    })
    expect((await cookies(send())).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('200 concurrent calls at limit 10 pass exactly 10', async () => {
    const handler = guardNext(setup(), 'known', () => new Response('ok'), options)
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => handler(send('/', { headers: auth }))),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBe(10)
    expect(answers.filter(({ status }) => status === 429).length).toBe(190)
  })

  it('an identification that fails goes to the framework, and nothing passes', async () => {
    const broken = { ...options, identify: () => Promise.reject(new Error('broken')) }
    const handler = guardNext(setup(), 'known', () => new Response('never'), broken)
    await expect(handler(send())).rejects.toThrow('broken')
  })

  it('a door that the policy does not have, or that asks somebody who is not there, stops the start', () => {
    expect(() => guardNext(setup(), 'back', () => new Response())).toThrowError(
      expect.objectContaining({ code: 'door_unknown' }),
    )
    expect(() => guardNext(setup(), 'known', () => new Response())).toThrowError(
      expect.objectContaining({ code: 'identify_missing' }),
    )
  })

  it('no body, target or header makes it throw', async () => {
    const handler = guardNext(setup(), 'known', () => new Response('ok'), options)
    const odd = [
      send('/%', { headers: { authorization: ' '.repeat(9000) } }),
      send('/\\..//', { method: 'PROPFIND', headers: { origin: 'null', 'sec-fetch-site': 'x' } }),
      send('/', { headers: { 'x-platform-address': '999.1.1.1', 'x-forwarded-for': ','.repeat(4000) } }),
    ]
    for (const request of odd) expect([200, 401, 403, 429]).toContain((await handler(request)).status)
  })
})

describe('guardNextProxy', () => {
  function proxied(facts: Partial<Policy> = {}) {
    const seen: Record<string, string>[] = []
    const proxy = guardNextProxy(setup(facts), {
      ...options,
      NextResponse: {
        next({ request }) {
          seen.push(Object.fromEntries(request.headers))
          return new Response()
        },
      },
    })
    const call = (path: string, init: RequestInit = {}) => {
      const request = send(path, init)
      return proxy(Object.assign(request, { nextUrl: new URL(request.url) }))
    }
    return { call, seen }
  }

  it('hands a page’s nonce to the renderer, never the caller’s', async () => {
    const { call, seen } = proxied()
    const evil = {
      'content-security-policy': "script-src 'nonce-evil'",
      'x-nonce': 'evil',
      accept: 'text/html',
    }
    const answer = await call('/', { headers: evil })
    const csp = answer.headers.get('content-security-policy')
    expect(seen).toEqual([
      { accept: 'text/html', 'content-security-policy': csp, 'x-nonce': expect.any(String) },
    ])
    expect(csp).toContain(`'nonce-${seen[0]?.['x-nonce']}' 'strict-dynamic'`)
    expect(csp).not.toContain('evil')
    expect(answer.headers.get('ratelimit')).toBe('"strangers";r=2;t=20')
  })

  it('refuses before anything is rendered', async () => {
    const { call, seen } = proxied()
    expect((await call('/api/notes')).status).toBe(401)
    expect((await call('/api/notes', { headers: auth })).status).toBe(200)
    expect(seen).toEqual([auth])
  })

  it('only a page door leaves the renderer a policy, and it is the guard’s', async () => {
    const { call, seen } = proxied()
    const headers = {
      ...auth,
      'content-security-policy': 'mine',
      'content-security-policy-report-only': 'mine',
    }
    await call('/api/notes', { headers })
    expect(seen).toEqual([auth])
  })

  it('what the policy does not name reaches nobody', async () => {
    const { call, seen } = proxied()
    const answer = await call('/forgotten')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'not_found' })
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    for (let i = 0; i < 2; i++) await call('/forgotten')
    expect((await call('/forgotten')).status).toBe(429)
    expect(seen).toEqual([])
  })

  it('needs routes, and somebody to ask where they ask', () => {
    const NextResponse = { next: () => new Response() }
    expect(() => guardNextProxy(setup({ routes: {} }), { identify, NextResponse })).toThrowError(
      expect.objectContaining({ code: 'door_missing' }),
    )
    expect(() => guardNextProxy(setup(), { NextResponse })).toThrowError(
      expect.objectContaining({ code: 'identify_missing' }),
    )
  })
})

describe('sharedGuard', () => {
  it('makes one guard for all bundles of a process', async () => {
    const create = vi.fn(() => setup())
    const first = sharedGuard(create)
    vi.resetModules()
    const other = await import('./index.ts')
    expect(other.sharedGuard(create)).toBe(first)
    expect(create).toHaveBeenCalledTimes(1)
  })
})
