import { globSync, readFileSync } from 'node:fs'
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import { describe, expect, it } from 'vitest'
import { apiCsp, compilePageCsp, createNonce } from './csp.ts'
import { compileHeaders, type HeaderPolicy } from './header-policy.ts'

const findings = (csp: string) => new CspEvaluator(new CspParser(csp).csp).evaluate()

describe('content security policy', () => {
  const nonce = createNonce()

  it('no finding by CSP Evaluator on any kind of answer, enforced or observed, over any transport', () => {
    const policies: HeaderPolicy[] = [
      {},
      { pageCsp: { trustedTypes: ['nextjs'] } },
      { pageCsp: { reportTo: 'csp' }, reportingEndpoints: { csp: '/csp-reports' } },
      { pageCsp: { add: { 'connect-src': ['https://api.example'], 'style-src': ["'sha256-abc='"] } } },
    ]
    let looked = 0
    for (const policy of policies) {
      const headers = compileHeaders(policy)
      for (const serves of ['api', 'page', 'asset'] as const) {
        for (const https of [false, true]) {
          const given = serves === 'page' ? nonce : undefined
          const csps = [
            headers.answer(serves, https, given)['content-security-policy'],
            headers.reportOnly(serves, https, given)['content-security-policy-report-only'],
          ]
          for (const csp of csps) {
            expect(findings(csp ?? 'missing')).toEqual([])
            expect(csp).not.toContain('unsafe-')
            looked++
          }
        }
      }
    }
    expect(looked).toBe(48)
  })

  it('the check finds what it is there to find', () => {
    expect(findings(`${apiCsp}; script-src 'unsafe-inline'`)).not.toEqual([])
  })

  it('pages: nonce and strict-dynamic, nothing inline or evaluated, no base, object or frame', () => {
    const csp = compilePageCsp()(nonce)
    expect(csp).toContain(`script-src 'nonce-${nonce}' 'strict-dynamic';`)
    expect(csp).toContain(`style-src 'self' 'nonce-${nonce}';`)
    expect(csp).not.toContain('unsafe')
    for (const name of ['base-uri', 'object-src', 'frame-ancestors', 'frame-src']) {
      expect(csp).toContain(`${name} 'none'`)
    }
  })

  it('can be widened for everything but scripts', () => {
    const csp = compilePageCsp({
      add: { 'connect-src': ['https://api.example'], 'frame-src': ['https://pay.example'] },
      trustedTypes: [],
      reportTo: 'csp',
    })(nonce)
    expect(csp).toContain("connect-src 'self' https://api.example;")
    expect(csp).toContain('frame-src https://pay.example;')
    expect(csp).toContain("trusted-types; require-trusted-types-for 'script'")
    expect(csp).toMatch(/report-to csp$/)
  })

  it('the development variant evaluates and uses web sockets, but has nothing inline either', () => {
    const csp = compilePageCsp({ development: true })(nonce)
    expect(csp).toContain("'unsafe-eval'")
    expect(csp).not.toContain('unsafe-inline')
    expect(csp).toContain('ws:')
  })

  it('nothing in this package can write "unsafe-inline" into a header', () => {
    const sources = globSync('**/*.ts', { cwd: new URL('../', import.meta.url) })
    const writers = sources.filter((file) => {
      if (file.endsWith('.test.ts')) return false
      return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').includes("'unsafe-inline'")
    })
    expect(writers.filter((file) => !file.startsWith('doctor/'))).toEqual([])
  })

  it('reports go to the endpoint by its name, and by its address for browsers that do not know names', () => {
    const headers = compileHeaders({
      pageCsp: { reportTo: 'csp' },
      reportingEndpoints: { csp: '/csp-reports' },
    }).answer('page', true, nonce)
    expect(headers['content-security-policy']).toMatch(/; report-uri \/csp-reports; report-to csp$/)
    expect(headers['reporting-endpoints']).toBe('csp="/csp-reports"')
  })

  it('nonces are fresh and long', () => {
    const many = new Set(Array.from({ length: 1000 }, createNonce))
    expect(many.size).toBe(1000)
    expect(Buffer.from(nonce, 'base64').length).toBe(16)
  })
})

describe('security headers', () => {
  it('are complete on every kind of answer', () => {
    const headers = compileHeaders().answer('api', true)
    expect(headers).toEqual({
      'content-security-policy': apiCsp,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'permissions-policy': 'geolocation=(), microphone=(), camera=()',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-xss-protection': '0',
      'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
    })
  })

  it('EchoChat allows itself camera and microphone, and nobody else', () => {
    const permissions = { geolocation: '()', microphone: '(self)', camera: '(self)' }
    expect(compileHeaders({ permissions }).answer('page', true)['permissions-policy']).toBe(
      'geolocation=(), microphone=(self), camera=(self)',
    )
  })

  it('observed, only what has a report-only form is sent', () => {
    const headers = compileHeaders({
      pageCsp: { reportTo: 'csp' },
      reportingEndpoints: { csp: '/csp-reports' },
    }).reportOnly('page', true, 'n')
    expect(Object.keys(headers)).toEqual([
      'content-security-policy-report-only',
      'cross-origin-opener-policy-report-only',
      'cross-origin-embedder-policy-report-only',
      'reporting-endpoints',
    ])
    const none = compileHeaders({ override: { 'cross-origin-opener-policy': null } }).reportOnly('api', true)
    expect(none).not.toHaveProperty('cross-origin-opener-policy-report-only')
  })

  it('HSTS asks for preloading only if it lasts long enough for it', () => {
    const hsts = (seconds: number) =>
      compileHeaders({ hstsMaxAgeSeconds: seconds }).answer('api', true)['strict-transport-security']
    expect(hsts(300)).toBe('max-age=300; includeSubDomains')
    expect(hsts(31_536_000)).toBe('max-age=31536000; includeSubDomains; preload')
  })

  it('HSTS only on HTTPS, and only if wanted', () => {
    expect(compileHeaders().answer('api', false)).not.toHaveProperty('strict-transport-security')
    const none = compileHeaders({ hstsMaxAgeSeconds: 0 }).answer('api', true)
    expect(none).not.toHaveProperty('strict-transport-security')
  })

  it('a page has its own content policy, upgraded on HTTPS only', () => {
    const headers = compileHeaders()
    expect(headers.answer('page', true)).not.toHaveProperty('content-security-policy')
    expect(headers.answer('page', true, 'n')['content-security-policy']).toBe(headers.pageCsp('n', true))
    expect(headers.pageCsp('n', true)).toContain('upgrade-insecure-requests')
    expect(headers.pageCsp('n', false)).not.toContain('upgrade-insecure-requests')
  })

  it('can be changed, reported and removed one by one', () => {
    const headers = compileHeaders({
      permissions: { camera: '(self)' },
      referrerPolicy: 'no-referrer',
      reportingEndpoints: { csp: '/reports' },
      override: { 'x-frame-options': null, 'cross-origin-resource-policy': 'cross-origin' },
    }).answer('asset', false)
    expect(headers).toMatchObject({
      'permissions-policy': 'camera=(self)',
      'referrer-policy': 'no-referrer',
      'reporting-endpoints': 'csp="/reports"',
      'cross-origin-resource-policy': 'cross-origin',
    })
    expect(headers).not.toHaveProperty('x-frame-options')
    const without = compileHeaders({ override: { 'content-security-policy': null } })
    expect(without.answer('page', false, 'n')).not.toHaveProperty('content-security-policy')
  })
})
