// Reports are written by anybody: nothing of them is kept but a few words from our own lists, an origin and a route.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guardForTests } from '../kernel/guard-for-tests.ts'
import { parseCspReports } from './csp-reports.ts'

const legacy = 'application/csp-report'
const reporting = 'application/reports+json; charset=utf-8'

const legacyReport = (more: object = {}) => ({
  'csp-report': {
    'document-uri': 'https://app.example/notes/anna?token=CANARY#CANARY',
    referrer: 'https://mail.example/?q=CANARY',
    'violated-directive': 'script-src-elem',
    'effective-directive': 'script-src-elem',
    'original-policy': 'CANARY',
    disposition: 'enforce',
    'blocked-uri': 'https://evil.example/x.js?CANARY',
    'script-sample': 'CANARY',
    ...more,
  },
})
const report = (more: object = {}) => ({
  age: 10,
  type: 'csp-violation',
  url: 'https://app.example/notes/anna?token=CANARY',
  user_agent: 'CANARY',
  body: {
    documentURL: 'https://app.example/notes/anna?token=CANARY',
    referrer: '',
    blockedURL: 'inline',
    effectiveDirective: 'style-src-attr',
    originalPolicy: 'CANARY',
    sample: 'CANARY',
    disposition: 'report',
    statusCode: 200,
    ...more,
  },
})

function setup() {
  const parts = guardForTests({ policy: { routes: { 'GET /notes/:id': 'page' } } })
  const post = (contentType: string | undefined, body: unknown) =>
    parts.guard.reportCsp({
      contentType,
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      clientIp: '192.0.2.1',
      requestId: 'r1',
    })
  return { ...parts, post }
}

describe('reports of broken content policies', () => {
  it('become events, in the older and the newer form', () => {
    const { post, events } = setup()
    expect(post(legacy, legacyReport())).toBe(1)
    expect(post(reporting, [report(), report({ blockedURL: 'data' })])).toBe(2)
    const common = { event: 'csp.violation', address: '192.0.2.1', requestId: 'r1' }
    expect(events).toEqual([
      {
        ...common,
        details: {
          reason: 'script-src-elem',
          blocked: 'https://evil.example',
          disposition: 'enforce',
          page: '/notes/:id',
        },
      },
      {
        ...common,
        details: { reason: 'style-src-attr', blocked: 'inline', disposition: 'report', page: '/notes/:id' },
      },
      {
        ...common,
        details: { reason: 'style-src-attr', blocked: 'data', disposition: 'report', page: '/notes/:id' },
      },
    ])
  })

  it('keep nothing of the page, the person or the sample', () => {
    const { post, events } = setup()
    post(legacy, legacyReport())
    post(reporting, [report()])
    post(legacy, legacyReport({ 'document-uri': 'https://app.example/people/anna.CANARY' }))
    expect(JSON.stringify(events)).not.toMatch(/CANARY|anna/)
  })

  it.each([
    ['script-src-elem https://x', 'inline', 'script-src-elem', 'inline'],
    ['img-src', 'chrome-extension://abcdef/x', 'img-src', 'chrome-extension:'],
    ['img-src', 'about:blank', 'img-src', 'about:'],
    ['img-src', 'CANARY of somebody', 'img-src', 'other'],
    ['img-src', 42, 'img-src', 'other'],
    ['img-src', `https://${'a'.repeat(3000)}.example/`, 'img-src', 'other'],
    ['img-src', `https://${'a.'.repeat(100)}example/`, 'img-src', 'https:'],
  ])('%s blocked %s', (named, blockedUri, directive, blocked) => {
    const body = legacyReport({
      'effective-directive': undefined,
      'violated-directive': named,
      'blocked-uri': blockedUri,
    })
    expect(parseCspReports(legacy, JSON.stringify(body))).toMatchObject([{ directive, blocked }])
  })

  it('a page with no address has no route', () => {
    const { post, events } = setup()
    post(legacy, legacyReport({ 'document-uri': 'about' }))
    expect(events[0]?.details).not.toHaveProperty('page')
  })

  it('what is no report is nothing', () => {
    const { post, events } = setup()
    expect(post(undefined, legacyReport())).toBe(0)
    expect(post('text/plain', legacyReport())).toBe(0)
    expect(post(legacy, '{')).toBe(0)
    expect(post(legacy, 'null')).toBe(0)
    expect(post(legacy, legacyReport({ 'effective-directive': 'my-own', 'violated-directive': 1 }))).toBe(0)
    expect(post(legacy, legacyReport({ 'effective-directive': 7 }))).toBe(0)
    expect(post(reporting, { type: 'csp-violation' })).toBe(0)
    expect(post(reporting, [{ type: 'deprecation', body: {} }, null, 3])).toBe(0)
    expect(events).toEqual([])
  })

  it('of one request twenty count, and 64 KiB are read', () => {
    const { post } = setup()
    expect(
      post(
        reporting,
        Array.from({ length: 100 }, () => report()),
      ),
    ).toBe(20)
    expect(post(reporting, [report({ sample: 'x'.repeat(66_000) })])).toBe(0)
    expect(post(legacy, new TextEncoder().encode(JSON.stringify(legacyReport())))).toBe(1)
    expect(post(reporting, `${'['.repeat(30_000)}`)).toBe(0)
  })

  it('whatever arrives, nothing is thrown and nothing unknown is kept', () => {
    fc.assert(
      fc.property(fc.constantFrom(legacy, reporting), fc.json(), fc.uint8Array(), (type, text, bytes) => {
        for (const body of [
          text,
          bytes,
          `{"csp-report":${text}}`,
          `[{"type":"csp-violation","body":${text}}]`,
        ]) {
          expect(parseCspReports(type, body)).toEqual([])
        }
      }),
      { seed: 11, numRuns: 300 },
    )
  })
})
