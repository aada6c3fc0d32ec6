import { postgresForTests } from '@levqor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RequestOptions, startLevqor, type TestInstallation } from './start-levqor.ts'

const unknownJob = `job_${'0'.repeat(32)}`
const page = { workflow: 'page-digest', payload: { url: 'http://127.0.0.1/' } }

interface Case {
  readonly method?: string
  readonly path?: string
  readonly options: RequestOptions
  readonly status: number
  readonly code: string
  readonly pointers?: readonly string[]
}

const cases: Readonly<Record<string, Case>> = {
  'an unknown workflow': {
    options: { body: { workflow: 'no-such', payload: {} } },
    status: 404,
    code: 'unknown_workflow',
  },
  'a payload against the schema, with all its problems': {
    options: { body: { workflow: 'csv-report', payload: { csv: 5, to: 'nobody' } } },
    status: 400,
    code: 'invalid_payload',
    pointers: ['/payload/csv', '/payload/to'],
  },
  'extra fields': {
    options: { body: { ...page, surprise: 1 } },
    status: 400,
    code: 'validation_failed',
    pointers: ['/surprise'],
  },
  'extra fields in the payload': {
    options: { body: { ...page, payload: { url: 'http://127.0.0.1/', surprise: 1 } } },
    status: 400,
    code: 'invalid_payload',
    pointers: ['/payload/surprise'],
  },
  'wrong types, all at once': {
    options: { body: { workflow: 7, payload: {}, priority: 3, run_at: 'soon' } },
    status: 400,
    code: 'validation_failed',
    pointers: ['/workflow', '/priority', '/run_at'],
  },
  'no body': { options: {}, status: 400, code: 'validation_failed' },
  'a body that is no object': { options: { body: [1] }, status: 400, code: 'validation_failed' },
  'a wrong content type': {
    options: {
      raw: 'workflow=page-digest',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    status: 415,
    code: 'unsupported_media_type',
  },
  'malformed JSON': { options: { raw: '{"workflow":' }, status: 400, code: 'malformed_json' },
  'a body over 512 KB': {
    options: { raw: JSON.stringify({ ...page, pad: 'x'.repeat(512 * 1024) }) },
    status: 413,
    code: 'body_too_large',
  },
  'a payload over 200 KB': {
    options: {
      body: { workflow: 'csv-report', payload: { csv: 'x'.repeat(200 * 1024), to: 'a@example.com' } },
    },
    status: 413,
    code: 'payload_too_large',
  },
  'a payload nested thousands of levels deep': {
    options: { raw: `{"workflow":"csv-report","payload":${'['.repeat(20_000)}${']'.repeat(20_000)}}` },
    status: 400,
    code: 'malformed_json',
  },
  'a start before time began': {
    options: { body: { ...page, run_at: '0000-01-01T00:00:00Z' } },
    status: 400,
    code: 'validation_failed',
    pointers: ['/run_at'],
  },
  'a name with NUL': {
    options: { body: { ...page, workflow: 'a\0b' } },
    status: 400,
    code: 'validation_failed',
    pointers: ['/workflow'],
  },
  'a name with half a surrogate pair': {
    path: '/api/v1/api-keys',
    options: { raw: '{"name":"a\\ud800b"}' },
    status: 400,
    code: 'validation_failed',
    pointers: ['/name'],
  },
  'a filter with NUL': {
    method: 'GET',
    path: '/api/v1/jobs?workflow=%00',
    options: {},
    status: 400,
    code: 'validation_failed',
    pointers: ['workflow'],
  },
  'a cursor that holds NUL': {
    method: 'GET',
    path: '/api/v1/api-keys?cursor=WyJcdTAwMDAiXQ',
    options: {},
    status: 400,
    code: 'bad_cursor',
  },
  'a compressed body': {
    options: { raw: '{}', headers: { 'content-encoding': 'gzip' } },
    status: 415,
    code: 'unsupported_media_type',
  },
  'a body in UTF-16': {
    options: { raw: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
    status: 415,
    code: 'unsupported_media_type',
  },
  'a retry of dead letters that does not say which': {
    path: '/ops/dlq/retry',
    options: { body: {} },
    status: 400,
    code: 'validation_failed',
  },
  'a bad cursor': {
    method: 'GET',
    path: '/api/v1/jobs?cursor=garbage',
    options: {},
    status: 400,
    code: 'bad_cursor',
  },
  'a limit out of range': {
    method: 'GET',
    path: '/api/v1/jobs?limit=101',
    options: {},
    status: 400,
    code: 'validation_failed',
    pointers: ['limit'],
  },
  'an unknown status': {
    method: 'GET',
    path: '/api/v1/jobs?status=asleep',
    options: {},
    status: 400,
    code: 'validation_failed',
    pointers: ['status'],
  },
  'a bad priority': {
    options: { body: { ...page, priority: 'urgent' } },
    status: 400,
    code: 'validation_failed',
    pointers: ['/priority'],
  },
  'a callback to a private address': {
    options: { body: { ...page, callback_url: 'http://10.0.0.1/hook' } },
    status: 400,
    code: 'bad_callback_url',
  },
  'a callback that is no web address': {
    options: { body: { ...page, callback_url: 'ftp://example.com/' } },
    status: 400,
    code: 'validation_failed',
    pointers: ['/callback_url'],
  },
  'an idempotency key that is none': {
    options: { body: page, headers: { 'idempotency-key': 'a b' } },
    status: 400,
    code: 'validation_failed',
  },
  'a missing key': {
    method: 'GET',
    path: '/api/v1/jobs',
    options: { key: null },
    status: 401,
    code: 'credential_missing',
  },
  'a malformed key': {
    method: 'GET',
    path: '/api/v1/jobs',
    options: { key: 'nonsense' },
    status: 401,
    code: 'credential_invalid',
  },
  'a key that was never made': {
    method: 'GET',
    path: '/api/v1/jobs',
    options: { key: `lvk_live_${'A'.repeat(43)}000000` },
    status: 401,
    code: 'credential_invalid',
  },
  'an unknown job': {
    method: 'GET',
    path: `/api/v1/status/${unknownJob}`,
    options: {},
    status: 404,
    code: 'job_not_found',
  },
  'an identifier that is none': {
    method: 'GET',
    path: '/api/v1/status/7',
    options: {},
    status: 404,
    code: 'not_found',
  },
  'an address that leads nowhere': {
    method: 'GET',
    path: '/api/v1/nowhere',
    options: {},
    status: 404,
    code: 'not_found',
  },
  'a method that the address does not have': {
    method: 'DELETE',
    path: '/api/v1/jobs',
    options: {},
    status: 405,
    code: 'method_not_allowed',
  },
  'a definition with an unknown connector': {
    path: '/api/v1/workflows',
    options: {
      body: { name: 'bad', input: { type: 'object' }, steps: [{ id: 'a', use: 'no.such', with: {} }] },
    },
    status: 400,
    code: 'invalid_definition',
    pointers: ['/steps/0/use'],
  },
}

describe.each(['sqlite', 'postgres'] as const)(
  'on %s, bad input is answered with a problem document',
  (store) => {
    let levqor: TestInstallation
    let drop: (() => Promise<void>) | undefined
    beforeAll(async () => {
      const database = store === 'postgres' ? await postgresForTests() : undefined
      drop = database?.drop
      levqor = await startLevqor(database ? { DATABASE_URL: database.url } : {})
    })
    afterAll(async () => {
      await levqor?.[Symbol.asyncDispose]()
      await drop?.()
    })

    it.each(Object.keys(cases))('%s', async (name) => {
      const {
        method = 'POST',
        path = '/api/v1/intake',
        options,
        status,
        code,
        pointers,
      } = cases[name] ?? { options: {}, status: 0, code: '' }
      const before = (await levqor.request('GET', '/api/v1/jobs')).body.items.length
      const answer = await levqor.request(method, path, options)
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(answer.body).toMatchObject({
        type: expect.any(String),
        title: expect.any(String),
        detail: expect.stringMatching(/\w{3}/),
        request_id: answer.headers.get('x-request-id'),
      })
      if (pointers) {
        const found = answer.body.errors.map((error: { pointer: string }) => error.pointer)
        expect(found.sort()).toEqual([...pointers].sort())
      }
      expect((await levqor.request('GET', '/api/v1/jobs')).body.items).toHaveLength(before)
    })

    it('an idempotency key used again: the same body gives the same job, another body 409', async () => {
      const headers = { 'idempotency-key': 'once' }
      const first = await levqor.request('POST', '/api/v1/intake', { body: page, headers })
      const again = await levqor.request('POST', '/api/v1/intake', { body: page, headers })
      expect(again.status).toBe(202)
      expect(again.body.job_id).toBe(first.body.job_id)
      const other = await levqor.request('POST', '/api/v1/intake', {
        body: { ...page, priority: 'high' },
        headers,
      })
      expect({ status: other.status, code: other.body.code }).toEqual({
        status: 409,
        code: 'idempotency_conflict',
      })
    })

    it('an idempotency key keeps its answer when the workflow has got a new version since', async () => {
      const version = (seconds: number) => ({
        name: 'versioned',
        input: { type: 'object', properties: { n: { type: 'number', default: seconds } } },
        steps: [{ id: 'a', use: 'flow.wait', with: { seconds: 3600 } }],
      })
      const body = { workflow: 'versioned', payload: {} }
      const headers = { 'idempotency-key': 'across-versions' }
      await levqor.request('POST', '/api/v1/workflows', { body: version(1) })
      const first = await levqor.request('POST', '/api/v1/intake', { body, headers })
      await levqor.request('POST', '/api/v1/workflows', { body: version(2) })
      const again = await levqor.request('POST', '/api/v1/intake', { body, headers })
      expect({ status: again.status, job: again.body.job_id }).toEqual({
        status: 202,
        job: first.body.job_id,
      })
    })

    it('text that no database stores as it is does not hurt a payload', async () => {
      const raw = `{"workflow":"csv-report","payload":{"csv":"a\\u0000\\ud800","to":"a@example.com"}}`
      expect((await levqor.request('POST', '/api/v1/intake', { raw })).status).toBe(202)
    })

    it('a stream ends when the key that opened it is revoked', async () => {
      const made = await levqor.request('POST', '/api/v1/api-keys', { body: { name: 'stream' } })
      const { body } = await levqor.request('POST', '/api/v1/intake', {
        body: {
          workflow: 'follow-up',
          payload: { url: 'http://127.0.0.1:9/', seconds: 60 },
          run_at: '2099-01-01T00:00:00Z',
        },
      })
      const stream = await fetch(`${levqor.url}/api/v1/jobs/${body.job_id}/events`, {
        headers: { authorization: `Bearer ${made.body.secret}` },
      })
      expect(stream.status).toBe(200)
      await levqor.request('DELETE', `/api/v1/api-keys/${made.body.id}`)
      // Resolves when the server ends the stream; the test's own time limit is the failure.
      expect(await stream.text()).toContain('scheduled')
    })

    it('a revoked key is refused at once', async () => {
      const made = await levqor.request('POST', '/api/v1/api-keys', { body: { name: 'short-lived' } })
      expect(made.status).toBe(201)
      const key = String(made.body.secret)
      expect((await levqor.request('GET', '/api/v1/jobs', { key })).status).toBe(200)
      expect((await levqor.request('DELETE', `/api/v1/api-keys/${made.body.id}`)).status).toBe(200)
      const refused = await levqor.request('GET', '/api/v1/jobs', { key })
      expect({ status: refused.status, code: refused.body.code }).toEqual({
        status: 401,
        code: 'credential_invalid',
      })
    })

    it('exactly 512 KB are read, one byte more is not', async () => {
      const bodyOf = (bytes: number) => {
        const head = '{"workflow":"no-such","payload":"'
        return `${head}${'x'.repeat(bytes - head.length - 2)}"}`
      }
      // The payload inside is too large as well, which shows that the body was read.
      expect((await levqor.request('POST', '/api/v1/intake', { raw: bodyOf(512 * 1024) })).body.code).toBe(
        'payload_too_large',
      )
      expect(
        (await levqor.request('POST', '/api/v1/intake', { raw: bodyOf(512 * 1024 + 1) })).body.code,
      ).toBe('body_too_large')
    })

    it('a payload of exactly 200 KB is accepted', async () => {
      const shell = JSON.stringify({ csv: '', to: 'a@example.com' }).length
      const payload = { csv: 'x'.repeat(200 * 1024 - shell), to: 'a@example.com' }
      expect(
        (await levqor.request('POST', '/api/v1/intake', { body: { workflow: 'csv-report', payload } }))
          .status,
      ).toBe(202)
    })
  },
)
