import { sqliteForTests } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { openTwoTenants } from './open-two-tenants.ts'

const drops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop()
})

async function setup() {
  const { url, drop } = await sqliteForTests()
  drops.push(drop)
  const tenants = await openTwoTenants(url)
  const { app } = tenants.server
  const report = (contentType: string, payload: string) =>
    app.inject({ method: 'POST', url: '/csp-reports', headers: { 'content-type': contentType }, payload })
  const events = async () => {
    await tenants.platform.events.flush(5_000)
    const answer = await app.inject({
      method: 'GET',
      url: '/api/admin/security/events?event=csp.violation',
      headers: { authorization: `Bearer ${tenants.a.key}` },
    })
    return answer.json().items
  }
  return { tenants, app, report, events }
}

it('a browser’s report of a broken content policy becomes an event without query strings', async () => {
  const { tenants, report, events } = await setup()
  await using _ = tenants
  const body = {
    'csp-report': {
      'document-uri': 'http://localhost:3000/jobs?token=CANARY',
      'effective-directive': 'script-src-elem',
      'blocked-uri': 'https://evil.example/x.js?CANARY',
      'violated-directive': 'script-src-elem',
    },
  }
  expect((await report('application/csp-report', JSON.stringify(body))).statusCode).toBe(204)
  const found = await events()
  expect(found).toHaveLength(1)
  expect(JSON.stringify(found)).toContain('script-src')
  expect(JSON.stringify(found)).not.toContain('CANARY')
})

it('garbage is taken and means nothing; what is too large or something else is refused', async () => {
  const { tenants, report, events } = await setup()
  await using _ = tenants
  expect((await report('application/reports+json', '{not json')).statusCode).toBe(204)
  expect((await report('application/csp-report', 'x'.repeat(64 * 1024 + 1))).statusCode).toBe(413)
  expect((await report('text/plain', 'hello')).statusCode).toBe(415)
  expect(await events()).toEqual([])
})

it('pages name the endpoint', async () => {
  const { tenants, app } = await setup()
  await using _ = tenants
  const { headers } = await app.inject({ method: 'GET', url: '/docs' })
  expect(headers['reporting-endpoints']).toBe('csp="/csp-reports"')
  expect(headers['content-security-policy']).toContain('report-to csp')
})
