// Each connector against real parts: a page server, the guard's egress, the outbox.
import { verifyWebhook } from '@levqor/guard/webhooks'
import { listMails } from '@levqor/mail'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Harness, openHarness, workspaceId } from '../harness-for-tests.ts'
import type { JsonObject } from '../json.ts'
import { createSandbox } from '../sandbox/create-sandbox.ts'
import { readRetryAfter } from './call-egress.ts'
import { decodeBody } from './decode-body.ts'
import { toMailTable } from './to-mail-table.ts'

const sandbox = createSandbox()
let harness: Harness

beforeEach(async () => {
  harness = await openHarness(sandbox)
})
afterEach(() => harness.close())
afterAll(() => sandbox.close())

const run = (use: string, parameters: JsonObject, payload: unknown = {}) =>
  harness.run({ name: 'test', steps: [{ id: 'a', use, with: parameters }] }, payload)

describe('http.request', () => {
  it('gives status, headers, text and parsed JSON', async () => {
    const site = await harness.site(() => ({
      status: 201,
      headers: { 'content-type': 'application/problem+json', 'x-test': 'yes' },
      body: '{"a": [1]}',
    }))
    const job = await run('http.request', { url: `${site.url}/x?y=1` })
    expect(job.result).toMatchObject({
      status: 201,
      headers: { 'x-test': 'yes' },
      body: '{"a": [1]}',
      json: { a: [1] },
    })
    expect(site.hits[0]).toMatchObject({ method: 'GET', url: '/x?y=1' })
    expect(site.hits[0]?.headers).not.toHaveProperty('idempotency-key')
  })

  it('sends JSON with the key of the step, the same for every try', async () => {
    let tries = 0
    const site = await harness.site(() => (++tries < 3 ? { status: 503 } : 'ok'))
    const job = await run(
      'http.request',
      { url: site.url, method: 'POST', body: { n: '{{ payload.n }}' } },
      { n: 3 },
    )
    expect(job).toMatchObject({ state: 'succeeded', failures: 2 })
    expect(site.hits.map(({ body }) => body)).toEqual(Array(3).fill('{"n":3}'))
    expect(site.hits.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(3).fill(`${job.id}:a`))
    expect(site.hits[0]?.headers['content-type']).toBe('application/json')
    expect(await harness.store.steps({ jobId: job.id })).toMatchObject([{ effect: 'keyed' }])
  })

  it("leaves the caller's own headers alone", async () => {
    const site = await harness.site(() => 'ok')
    const headers = { 'Idempotency-Key': 'mine', 'Content-Type': 'text/csv' }
    await run('http.request', { url: site.url, method: 'PATCH', headers, body: 'a,b' })
    expect(site.hits[0]?.headers).toMatchObject({ 'idempotency-key': 'mine', 'content-type': 'text/csv' })
    expect(site.hits[0]?.body).toBe('a,b')
  })

  it.each([
    [404, 1],
    [400, 1],
    [409, 1],
    [408, 3],
    [429, 3],
    [500, 3],
    [503, 3],
  ])('status %d is tried %d times', async (status, tries) => {
    const site = await harness.site(() => ({ status, body: 'no luck' }))
    const job = await run('http.request', { url: site.url })
    expect(job).toMatchObject({
      state: 'dead',
      error: { code: 'http_status', details: { step: 'a', cause: { status, body: 'no luck' } } },
    })
    expect(site.hits).toHaveLength(tries)
  })

  it('waits as long as Retry-After asks', async () => {
    let tries = 0
    const site = await harness.site(() =>
      ++tries === 1 ? { status: 429, headers: { 'retry-after': '120' } } : 'ok',
    )
    const jobId = await harness.submit(
      { name: 'test', steps: [{ id: 'a', use: 'http.request', with: { url: site.url } }] },
      {},
    )
    harness.work()
    await expect.poll(async () => (await harness.store.get({ jobId }))?.stateReason).toBe('retry')
    const job = await harness.store.get({ jobId })
    expect((job?.runAt ?? 0) - harness.clock.now()).toBe(120_000)
  })

  it.each(['http://10.0.0.1/', 'http://169.254.169.254/latest/meta-data', 'http://[::1]:1/'])(
    '%s is not reached and not tried again',
    async (url) => {
      const job = await run('http.request', { url })
      expect(job).toMatchObject({ state: 'dead', failures: 1, error: { code: 'egress_blocked' } })
    },
  )

  it('a redirect to a private address is not followed', async () => {
    const site = await harness.site(() => ({ status: 302, headers: { location: 'http://10.0.0.1/' } }))
    expect(await run('http.request', { url: site.url })).toMatchObject({ error: { code: 'egress_blocked' } })
  })

  it('an answer over one megabyte is refused', async () => {
    const site = await harness.site(() => 'x'.repeat(1_000_001))
    const job = await run('http.request', { url: site.url })
    expect(job).toMatchObject({ state: 'dead', failures: 1, error: { code: 'egress_too_large' } })
  })

  it('a server that never answers is given up after timeoutMs', async () => {
    const site = await harness.site(() => new Promise(() => undefined))
    const job = await run('http.request', { url: site.url, timeoutMs: 100 })
    expect(job).toMatchObject({ state: 'dead', failures: 3, error: { code: 'egress_timeout' } })
  })
})

describe('webhook.send', () => {
  const parameters = (url: string) => ({ url, type: 'report.ready', data: { n: 1 } })

  it('is signed, and every try is the same message', async () => {
    let tries = 0
    const site = await harness.site(() => ({ status: ++tries === 1 ? 500 : 204 }))
    const job = await run('webhook.send', parameters(site.url))
    expect(job.result).toEqual({ status: 204, id: `msg_${job.id}_a` })
    const [first, second] = site.hits
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    const verdict = verifyWebhook({
      headers: second?.headers ?? {},
      body: second?.body ?? '',
      secrets: harness.secret,
      nowMs: harness.clock.now(),
    })
    expect(verdict.valid).toBe(true)
    expect(JSON.parse(second?.body ?? '')).toEqual({
      type: 'report.ready',
      timestamp: new Date(job.startedAt ?? 0).toISOString(),
      data: { n: 1 },
    })
  })

  it('follows no redirect, and the secret is in no record', async () => {
    const site = await harness.site(({ url }) =>
      url === '/other' ? 'ok' : { status: 307, headers: { location: '/other' } },
    )
    const job = await run('webhook.send', parameters(site.url))
    expect(job).toMatchObject({ state: 'dead', error: { code: 'egress_too_many_redirects' } })
    expect(site.hits).toHaveLength(1)
    expect(JSON.stringify([job, await harness.store.steps({ jobId: job.id })])).not.toContain('whsec_')
  })
})

describe('email.send', () => {
  const mails = async () => (await listMails(harness.database.workspace(workspaceId).read)).mails

  it('puts one mail per recipient into the outbox, with the table', async () => {
    const job = await run(
      'email.send',
      {
        to: ['ada@example.org', 'bob@example.org', 'ada@example.org'],
        subject: 'Two\n lines',
        text: 'Hello {{ payload.name }}',
        table: '{{ payload.rows }}',
      },
      { name: 'you', rows: [{ region: 'north', total: 3 }] },
    )
    expect(job.result).toMatchObject({ recipients: 2 })
    expect((await mails()).map(({ to }) => to).sort()).toEqual(['ada@example.org', 'bob@example.org'])
    const mail = await harness.lastMail()
    expect(mail.subject).toBe('Two lines')
    expect(mail.body?.text).toMatch(/Hello you[\s\S]*region[\s\S]*north[\s\S]*3[\s\S]*workflow test/)
  })

  it.each(['nobody', 'ada@example.org\nBcc: eve@example.org', 'a@b@c.example'])(
    'the recipient %j fails the step at once, and nothing is sent to the others',
    async (to) => {
      const job = await run(
        'email.send',
        { to: ['ada@example.org', '{{ payload.to }}'], subject: 'x' },
        { to },
      )
      expect(job).toMatchObject({ state: 'dead', failures: 1, error: { code: 'mail_invalid' } })
      expect(await mails()).toEqual([])
    },
  )
})

describe('data.transform', () => {
  it('sees payload and steps, or the data it is given', async () => {
    expect(
      (await run('data.transform', { expression: '$sum(payload.rows.n)' }, { rows: [{ n: 1 }, { n: 2 }] }))
        .result,
    ).toBe(3)
    const given = { expression: '$[n > 1].n', data: [{ n: 1 }, { n: 2 }] }
    expect((await run('data.transform', given)).result).toBe(2)
  })

  it('gives null where the expression has no value, and nothing of a function', async () => {
    expect((await run('data.transform', { expression: 'payload.nothing' })).result).toBeNull()
    expect((await run('data.transform', { expression: '$sum' })).state).toMatch(/succeeded|dead/)
  })
})

describe('decodeBody', () => {
  const latin1 = Uint8Array.from([0xe5, 0xe4, 0xf6])
  it.each([
    ['text/html; charset=iso-8859-1', latin1, 'åäö'],
    ['text/plain; charset="UTF-8"', new TextEncoder().encode('åäö'), 'åäö'],
    ['text/plain; charset=nonsense', new TextEncoder().encode('åäö'), 'åäö'],
    [undefined, new TextEncoder().encode('åäö'), 'åäö'],
    [
      'text/html',
      Uint8Array.from([...Buffer.from('<meta charset="latin1">'), ...latin1]),
      '<meta charset="latin1">åäö',
    ],
  ])('%s', (contentType, bytes, text) => {
    expect(decodeBody(bytes, contentType)).toBe(text)
  })
})

describe('readRetryAfter', () => {
  const now = Date.parse('2026-01-05T12:00:00Z')
  it.each([
    ['120', 120_000],
    ['Mon, 05 Jan 2026 12:00:30 GMT', 30_000],
    ['Mon, 05 Jan 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s', (value, ms) => {
    expect(readRetryAfter(value, now)).toBe(ms)
  })
})

describe('toMailTable', () => {
  it.each<[unknown, unknown]>([
    [
      [
        { a: 1, b: 'x' },
        { b: 'y', c: { d: 1 } },
      ],
      {
        columns: ['a', 'b', 'c'],
        rows: [
          [1, 'x', null],
          [null, 'y', '{"d":1}'],
        ],
      },
    ],
    [
      [['a', 'b'], [1, 2], [3]],
      {
        columns: ['a', 'b'],
        rows: [
          [1, 2],
          [3, null],
        ],
      },
    ],
    [{ total: 5 }, { columns: ['total'], rows: [[5]] }],
    [5, { columns: ['value'], rows: [[5]] }],
    [[1, 'x'], { columns: ['value'], rows: [[1], ['x']] }],
  ])('%j', (value, table) => {
    expect(toMailTable(value)).toEqual(table)
  })
})
