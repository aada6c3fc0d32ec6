import { once } from 'node:events'
import { request as rawRequest } from 'node:http'
import { connect } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { type Database, openDatabase } from '@levqor/database'
import { sqliteForTests, systemClock, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { serviceError } from '../errors/service-error.ts'
import { createIds } from '../ids.ts'
import { defineVerb } from '../verbs/define-verb.ts'
import { defineRoute } from './define-route.ts'
import { bodyLimitBytes, maxNesting } from './json-body.ts'
import { makeNote, type TestServerOptions, testServer } from './test-server.ts'

let database: Database
let dropDatabase: () => Promise<void>
const jsonWithKey = { authorization: 'Bearer good', 'content-type': 'application/json' }
const running: { stop(timeoutMs: number): Promise<void> }[] = []

beforeAll(async () => {
  const store = await sqliteForTests()
  dropDatabase = store.drop
  database = await openDatabase({ url: store.url, schemas: [], clock: systemClock, ids: createIds() })
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop(1_000)
})
afterAll(async () => {
  await database.close()
  await dropDatabase()
})

async function setup(options: Partial<TestServerOptions> = {}) {
  const made = await testServer({ database, ...options })
  running.push(made.server)
  const call = async (path: string, init: RequestInit & { key?: string } = {}) => {
    const { key = 'good', ...rest } = init
    const headers = { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(rest.headers as object) }
    const response = await fetch(made.url + path, { ...rest, headers })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
    return { status: response.status, headers: response.headers, text, json }
  }
  const post = (body: unknown, init: RequestInit & { key?: string } = {}) =>
    call('/api/notes', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
      headers: { 'content-type': 'application/json', ...(init.headers as object) },
    })
  return { ...made, call, post }
}

describe('a route that people arrive at by a link', () => {
  it('leads every failure to its page: of the door, the contract, the verb, and what nobody foresaw', async () => {
    const failing = (id: string, door: string, fail: () => never) =>
      defineRoute({
        contract: {
          id: `arrivals.${id}`,
          method: 'GET',
          path: `/api/arrive/${id}`,
          summary: 'Arrive',
          status: 303,
          query: z.object({ code: z.string().max(5).optional() }),
        },
        door,
        failsTo: (code) => `/page?problem=${code}`,
        verb: defineVerb({
          name: `arrivals.${id}`,
          kind: 'read',
          reach: 'platform',
          access: { actors: ['anonymous'] },
          input: z.object({}),
          run: async () => fail(),
        }),
        input: () => ({}),
        present: () => undefined,
      })
    const { call, log } = await setup({
      extraRoutes: [
        failing('known', 'unmatched', () => {
          throw serviceError('conflict')
        }),
        failing('odd', 'unmatched', () => {
          throw new Error('of a secret kind')
        }),
        failing('closed', 'api', () => {
          throw new Error('never reached')
        }),
      ],
    })
    for (const [path, code] of [
      ['known', 'conflict'],
      ['known?code=toolong', 'validation_failed'],
      ['odd', 'internal_error'],
      ['closed', 'credential_missing'],
    ]) {
      const answer = await call(`/api/arrive/${path}`, { key: '', redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')], path).toEqual([303, `/page?problem=${code}`])
      expect(answer.text).toBe('')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    }
    expect(log()).toContain('of a secret kind')
  })
})

describe('answers', () => {
  it('runs the verb and answers by the contract', async () => {
    const { call, post } = await setup()
    const made = await post({ title: 'hello' })
    expect(made).toMatchObject({ status: 201, json: { title: 'hello', workspace: 'ws1' } })
    expect(made.headers.get('cache-control')).toBe('no-store')
    expect((await call('/api/notes/n-1?limit=7')).json).toEqual({ id: 'n-1', limit: 7 })
  })

  it('an answer that breaks its contract fails in development instead of reaching anybody', async () => {
    const { call, log } = await setup()
    expect(await call('/api/notes/n-bad')).toMatchObject({ status: 500, json: { code: 'internal_error' } })
    expect(log()).toContain('breaks its contract')
  })
})

describe('correlation', () => {
  it('accepts a well-formed id, echoes it, and puts it on every log line of the request', async () => {
    const { call, lines } = await setup()
    const { headers } = await call('/api/notes/n-1', { headers: { 'x-correlation-id': 'trace-1.A_b' } })
    expect(headers.get('x-request-id')).toBe('trace-1.A_b')
    const line = () => lines.find((text) => text.includes('"request"'))
    await until(() => line() !== undefined, { what: 'the request line' })
    expect(JSON.parse(line() ?? '')).toMatchObject({
      request_id: 'trace-1.A_b',
      method: 'GET',
      path: '/api/notes/n-1',
      status: 200,
    })
  })

  it.each([
    ['with spaces', 'a b'],
    ['of 129 characters', 'a'.repeat(129)],
    ['with markup', '<script>'],
    ['empty', ''],
  ])('replaces an id %s', async (_, id) => {
    const { call } = await setup()
    const { headers } = await call('/api/notes/n-1', { headers: { 'x-request-id': id } })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('keeps an id of 128 characters', async () => {
    const { call } = await setup()
    const id = 'a'.repeat(128)
    const { headers, json } = await call('/nowhere', { headers: { 'x-request-id': id } })
    expect(headers.get('x-request-id')).toBe(id)
    expect(json.request_id).toBe(id)
  })
})

describe('bad input', () => {
  it('lists every problem of every part, with pointers and unknown fields named', async () => {
    const { post } = await setup()
    const { status, json, headers } = await post(
      { title: '', tags: ['a', 1, 'c'], at: { plaice: 'x' }, extra: 1, 'a/b~c': 2 },
      { headers: { 'idempotency-key': 'too long' } },
    )
    expect(status).toBe(400)
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect(json).toMatchObject({
      type: '/docs/errors#validation_failed',
      code: 'validation_failed',
      instance: '/api/notes',
    })
    const found = json.errors.map((e: { pointer: string; code: string }) => `${e.pointer} ${e.code}`)
    expect(found.sort()).toEqual(
      [
        '/at/place required',
        '/at/plaice unknown_field',
        '/a~1b~0c unknown_field',
        '/extra unknown_field',
        '/tags/1 wrong_type',
        '/title too_small',
        'idempotency-key too_big',
      ].sort(),
    )
  })

  it.each([
    ['malformed JSON', { body: '{"title":' }, 400, 'malformed_json'],
    ['a prototype in JSON', { body: '{"__proto__":{"a":1},"title":"x"}' }, 400, 'malformed_json'],
    ['bytes that are not UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'malformed_json'],
    ['no body', { body: '' }, 400, 'validation_failed'],
    [
      'a form',
      { body: 'title=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['text', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    [
      'a strange content type',
      { body: '{}', headers: { 'content-type': ';;' } },
      415,
      'unsupported_media_type',
    ],
    ['a list where an object is due', { body: '[]' }, 400, 'validation_failed'],
  ] as const)('refuses %s', async (_, init, status, code) => {
    const { call } = await setup()
    const headers = { 'content-type': 'application/json', ...('headers' in init ? init.headers : {}) }
    const answer = await call('/api/notes', { method: 'POST', body: init.body, headers })
    expect(answer).toMatchObject({ status, json: { code, status } })
    expect(answer.json.detail).not.toBe('')
  })

  it('accepts a body of exactly 512 KB and refuses one byte more', async () => {
    const { post } = await setup()
    const pad = (size: number) => `{"title":"x"${' '.repeat(size - 13)}}`
    expect((await post(pad(bodyLimitBytes))).status).toBe(201)
    expect(await post(pad(bodyLimitBytes + 1))).toMatchObject({
      status: 413,
      json: { code: 'body_too_large' },
    })
  })

  it('accepts values nested to the limit and refuses one level more, brackets in texts not counted', async () => {
    const { post } = await setup()
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect((await post(nested(maxNesting))).json.code).toBe('validation_failed')
    expect((await post(nested(maxNesting + 1))).json.code).toBe('malformed_json')
    expect((await post({ title: 'ok', tags: ['["[\\'.repeat(200)] })).status).toBe(201)
  })

  it('a malformed identifier is 404, a bad query parameter 400 by its name', async () => {
    const { call } = await setup()
    expect(await call('/api/notes/x1')).toMatchObject({ status: 404, json: { code: 'not_found' } })
    const { status, json } = await call('/api/notes/n-1?limit=101&sort=up')
    expect(status).toBe(400)
    expect(json.errors).toMatchObject([
      { pointer: 'limit', code: 'too_big' },
      { pointer: 'sort', code: 'unknown_field' },
    ])
    expect((await call('/api/notes/n-1?limit=1&limit=2')).status).toBe(400)
    expect((await call('/api/notes/n-1?limit=100')).status).toBe(200)
  })

  it('answers unknown addresses 404 and unknown methods 405 with Allow', async () => {
    const { call } = await setup()
    expect(await call('/nowhere')).toMatchObject({ status: 404, json: { code: 'not_found' } })
    expect(await call('/api/nowhere?token=CANARY')).toMatchObject({ json: { instance: '/api/nowhere' } })
    const wrong = await call('/api/notes', { method: 'DELETE' })
    expect(wrong).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } })
    expect(wrong.headers.get('allow')).toBe('POST')
    expect((await call('/health/live', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD')
  })

  it('answers an address that cannot be decoded or is too long', async () => {
    const { call } = await setup()
    const bad = await call('/api/%ff%zz')
    expect(bad).toMatchObject({ status: 400, json: { code: 'malformed_request' } })
    expect(bad.headers.get('x-request-id')).toBe(bad.json.request_id)
    // Every header of the guard: the very same as on an address that is only unknown.
    const unknown = await call('/api/nowhere')
    for (const name of [
      'content-security-policy',
      'x-frame-options',
      'x-content-type-options',
      'referrer-policy',
      'permissions-policy',
      'cross-origin-opener-policy',
      'cross-origin-embedder-policy',
      'cross-origin-resource-policy',
    ]) {
      expect([name, bad.headers.get(name)]).toEqual([name, unknown.headers.get(name)])
      expect(bad.headers.get(name)).not.toBeNull()
    }
    expect((await call(`/api/notes/n-${'a'.repeat(200)}`)).status).toBeOneOf([404, 414])
  })

  it('answers bytes that are no HTTP with a problem and cuts the connection', async () => {
    const { port } = await setup()
    const send = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let got = ''
        const socket = connect(port, '127.0.0.1', () => socket.write(text))
        socket.on('data', (part) => {
          got += part
        })
        socket.on('close', () => resolve(got))
        socket.on('error', reject)
      })
    expect(await send('GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed_request"/)
    const huge = `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`
    expect(await send(huge)).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/)
  })
})

describe('refusals', () => {
  it.each([
    ['no key', '', 401, 'credential_missing'],
    ['a wrong key', 'guess', 401, 'credential_invalid'],
    ['a key without the scope', 'narrow', 403, 'scope_missing'],
    ['a role that is too low', 'viewer', 403, 'forbidden'],
  ])('%s', async (_, key, status, code) => {
    const { post } = await setup()
    const answer = await post({ title: 'x' }, { key })
    expect(answer).toMatchObject({ status, json: { code, status, request_id: expect.any(String) } })
    expect(answer.json.type).toBe(`/docs/errors#${code}`)
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('tells nothing about an unexpected failure, and logs it with the same id', async () => {
    const { post, log } = await setup()
    const { status, json, text } = await post({ title: 'fail' })
    expect(status).toBe(500)
    expect(text).not.toMatch(/CANARY|\.ts|stack/)
    expect(log()).toContain('CANARYinternal')
    expect(log()).toContain(json.request_id)
  })

  it('a busy database is 503 with Retry-After, and codes of other rooms keep their facts', async () => {
    const { post } = await setup()
    const busy = await post({ title: 'busy' })
    expect(busy).toMatchObject({ status: 503, json: { code: 'database_busy', retry_after: 1 } })
    expect(busy.headers.get('retry-after')).toBe('1')
    expect(await post({ title: 'wait' })).toMatchObject({
      status: 429,
      json: { code: 'queue_full', retry_after: 3 },
    })
  })

  it('a database that another process holds fails the write cleanly, and reads go on', async () => {
    const store = await sqliteForTests()
    const own = await openDatabase({
      url: store.url,
      schemas: [],
      clock: systemClock,
      ids: createIds(),
      lockWaitMs: 50,
    })
    const { call, post } = await setup({ database: own })
    const other = new DatabaseSync(store.path)
    other.exec('BEGIN IMMEDIATE')
    expect(await post({ title: 'x' })).toMatchObject({ status: 503, json: { code: 'database_busy' } })
    expect((await call('/api/notes/n-1')).status).toBe(200)
    other.exec('ROLLBACK')
    expect((await post({ title: 'x' })).status).toBe(201)
    other.close()
    await running.pop()?.stop(1_000)
    await own.close()
    await store.drop()
  })

  it('a write verb that records nothing is rolled back and fails', async () => {
    const { post, log } = await setup()
    expect((await post({ title: 'silent' })).status).toBe(500)
    expect(log()).toContain('wrote no audit row')
  })
})

describe('start', () => {
  it('a route whose door the policy does not have stops the start and is named', async () => {
    const lost = defineRoute({
      contract: {
        id: 'lost.get',
        method: 'POST',
        path: '/api/lost',
        summary: 'Lost',
        status: 204,
        body: z.unknown(),
      },
      door: 'no-such-door',
      verb: makeNote,
      input: () => ({ title: 'x' }),
    })
    await expect(testServer({ database, extraRoutes: [lost] })).rejects.toThrow(
      /POST \/api\/lost.*no-such-door/,
    )
  })
})

describe('health', () => {
  it('tells strangers yes or no, and why only to this machine and operators', async () => {
    let broken = false
    const checks = [
      { name: 'database', check: async () => undefined },
      { name: 'disk', check: () => (broken ? Promise.reject(new Error('CANARY')) : Promise.resolve()) },
    ]
    const { call } = await setup({ checks })
    const forwarded = { 'x-forwarded-for': '198.51.100.7' }
    expect(await call('/health/live', { key: '' })).toMatchObject({ status: 200, json: { status: 'ok' } })
    expect((await call('/health/ready', { key: '', headers: forwarded })).json).toEqual({ status: 'ready' })
    expect((await call('/health/ready', { key: '' })).json).toMatchObject({
      checks: [
        { name: 'database', ok: true, latency_ms: expect.any(Number) },
        { name: 'disk', ok: true },
      ],
    })
    expect((await call('/health/ready', { key: 'good', headers: forwarded })).json).toEqual({
      status: 'ready',
    })
    expect((await call('/health/ready', { key: 'operator', headers: forwarded })).json).toHaveProperty(
      'checks',
    )

    broken = true
    await until(async () => (await call('/health/ready', { key: '' })).status === 503, { what: 'not ready' })
    const bad = await call('/health/ready', { key: '', headers: forwarded })
    expect(bad).toMatchObject({ status: 503, json: { status: 'not_ready' } })
    expect(bad.text).not.toContain('CANARY')
  })
})

describe('documentation', () => {
  it('serves an OpenAPI document made from the contracts', async () => {
    const { call } = await setup()
    const { json } = await call('/openapi.json', { key: '' })
    expect(Object.keys(json.paths)).toEqual(['/api/notes', '/api/notes/{id}', '/api/notes/{id}/events'])
    const make = json.paths['/api/notes'].post
    expect(make.requestBody.content['application/json'].schema).toMatchObject({
      required: ['title'],
      additionalProperties: false,
      properties: { title: { type: 'string', maxLength: 20 } },
    })
    expect(make.responses['201'].content['application/json'].schema.required).toEqual(['title', 'workspace'])
    expect(make.description).toBe(
      'Anybody who is signed in, except viewers, or an API key with the scope `notes:write`.',
    )
    expect(make.security).toEqual([{ bearer: [] }, { apiKey: [] }, { session: [] }, { accessToken: [] }])
    expect(make.responses.default.content['application/problem+json']).toBeDefined()
    expect(json.paths['/api/notes/{id}'].get.parameters).toMatchObject([
      { name: 'limit', in: 'query' },
      { name: 'id', in: 'path', required: true },
    ])
  })

  it.each(['/docs', '/docs/errors'])('%s needs neither inline style nor script', async (path) => {
    const { call } = await setup()
    const { status, text, headers } = await call(path, { key: '' })
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).not.toContain('unsafe-inline')
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/)
    expect(text).toContain(path === '/docs' ? 'id="notes.make"' : 'id="validation_failed"')
    expect((await call('/docs/reference.css', { key: '' })).headers.get('content-type')).toContain('text/css')
  })
})

describe('pages', () => {
  it('get the raw request with their nonce, and never see the addresses of the API', async () => {
    const seen: string[] = []
    const { call } = await setup({
      pages: {
        door: 'web',
        async handle(request, response) {
          let body = ''
          for await (const part of request) body += part
          seen.push(`${request.method} ${request.url} ${body}`)
          response.end(String(request.headers['content-security-policy']))
        },
      },
    })
    const page = await call('/jobs?x=1', { key: '' })
    expect(page.text).toMatch(/nonce-/)
    expect(page.headers.get('content-security-policy')).toBe(page.text)
    expect(page.headers.get('x-request-id')).not.toBeNull()
    await call('/action', {
      method: 'POST',
      body: 'raw=1',
      key: '',
      headers: { 'content-type': 'text/plain' },
    })
    expect(await call('/api/nowhere', { key: '' })).toMatchObject({
      status: 404,
      json: { code: 'not_found' },
    })
    expect((await call('/api/notes', { key: '' })).status).toBe(405)
    expect((await call('/docs/nowhere', { key: '' })).json.code).toBe('not_found')
    expect(seen).toEqual(['GET /jobs?x=1 ', 'POST /action raw=1'])
  })
})

describe('an upgrade that is offered', () => {
  it.each(['h2c', 'websocket'])(
    'to %s is not taken: the request meets its door, also when a page renderer listens',
    async (protocol) => {
      const { server, port } = await setup()
      running.pop()
      const handed: string[] = []
      server.app.server.on('upgrade', ({ url = '' }) => void handed.push(url))
      const headers = { connection: 'Upgrade', upgrade: protocol, 'http2-settings': 'AAMAAABkAAQAAP__' }
      const status = (path: string) =>
        new Promise<number | undefined>((resolve, reject) => {
          const request = rawRequest({ port, path, headers }, (response) => {
            response.resume().on('end', () => resolve(response.statusCode))
          })
          request.on('error', reject).end()
        })
      expect(await status('/health/live')).toBe(200)
      expect(await status('/api/notes/n-1/events')).toBe(401)
      expect(handed).toEqual([])
      await server.stop(60_000)
    },
  )
})

describe('stopping', () => {
  it('finishes what is in flight, closes streams with a reason, and ends by itself', async () => {
    const { server, url, port } = await setup()
    running.pop()
    const stream = await fetch(`${url}/api/notes/n-1/events`, { headers: { authorization: 'Bearer good' } })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect(stream.headers.get('x-content-type-options')).toBe('nosniff')
    const stopped: string[] = []
    const slow = new Promise<number | undefined>((resolve, reject) => {
      const request = rawRequest(
        { port, path: '/api/notes', method: 'POST', headers: { ...jsonWithKey, expect: '100-continue' } },
        (response) => response.resume().on('end', () => resolve(response.statusCode)),
      )
      request.on('error', reject)
      // The server has the head of the request and waits for its body.
      request.on('continue', () => {
        void server.stop(5_000).then(() => stopped.push('done'))
        setImmediate(() => request.end('{"title":"late"}'))
      })
      request.flushHeaders()
    })
    expect(await slow).toBe(201)
    const text = await stream.text()
    expect(text).toContain('id: 1\nevent: note\ndata: {"id":"n-1","limit":1')
    expect(text).toContain('event: closing')
    await until(() => stopped.length === 1, { what: 'the stop' })
    await expect(fetch(`${url}/health/live`)).rejects.toThrow()
  })

  it('waits for nobody who asks nothing: a connection never used, one that has had its answer', async () => {
    const { server, url, port } = await setup()
    running.pop()
    const unused = connect(port, '127.0.0.1')
    const ended = once(unused, 'close')
    await once(unused, 'connect')
    const stream = await fetch(`${url}/api/notes/n-1/events`, { headers: { authorization: 'Bearer good' } })
    const started = performance.now()
    await server.stop(60_000)
    expect(performance.now() - started).toBeLessThan(3_000)
    await ended
    expect(await stream.text()).toContain('event: closing')
  })

  it('cuts what does not finish in time', async () => {
    const { server, port } = await setup()
    running.pop()
    const broken = new Promise<string>((resolve) => {
      const request = rawRequest({
        port,
        path: '/api/notes',
        method: 'POST',
        headers: { ...jsonWithKey, expect: '100-continue' },
      })
      request.on('error', () => resolve('cut'))
      request.on('continue', () => void server.stop(20))
      request.flushHeaders()
    })
    expect(await broken).toBe('cut')
  })

  it('ends a stream when its work is done', async () => {
    const { call } = await setup()
    expect((await call('/api/notes/n-short/events')).text).toContain('"id":"n-short"')
  })
})
