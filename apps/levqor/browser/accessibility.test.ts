import { until } from '@levqor/testing'
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { levqorRoutes } from '../src/start/routes.ts'
import { sampleSite } from '../test/page-for-tests.ts'
import { looks, problemsOf } from './looks.ts'
import { type Console, openConsole } from './open-console.ts'

let app: Console
let jobPath: string
beforeAll(async () => {
  app = await openConsole()
  const site = await sampleSite()
  const { body } = await app.levqor.request('POST', '/api/v1/intake', {
    body: { workflow: 'page-digest', payload: { url: site.url, notify: 'reader@example.com' } },
  })
  jobPath = `/jobs/${body.job_id}`
  await until(
    async () =>
      (await app.levqor.request('GET', `/api/v1/status/${body.job_id}`)).body.status === 'succeeded',
    {
      what: 'the sample job',
      timeoutMs: 15_000,
    },
  )
  // A dead letter to look at: nobody listens on this port.
  await app.levqor.request('POST', '/api/v1/intake', {
    body: { workflow: 'page-digest', payload: { url: 'http://127.0.0.1:9/' } },
  })
  await site.close()
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const paths = [
  '/jobs',
  '/workflows',
  '/workflows/page-digest',
  '/workflows/csv-report/run',
  '/api-keys',
  '/dead-letters',
  '/outbox',
  '/queue',
  '/security',
  '/security/lockouts',
  '/sign-in',
  '/sign-in?problem=provider_declined&next=%2Fqueue',
  '/sign-in/link#token=x',
  `/sign-in/link#token=${'x'.repeat(43)}`,
  // Without the cookie of a first factor: accessibility-open.test.ts has one.
  '/sign-in/second-factor',
  '/account',
  '/members',
  '/register',
  '/forgot-password',
  `/verify#token=${'x'.repeat(43)}`,
  `/reset-password#token=${'x'.repeat(43)}`,
  '/invitation',
  `/invitation#token=${'x'.repeat(43)}`,
  '/users',
  `/confirm-email#token=${'x'.repeat(43)}`,
  '/acting-ended',
  '/nowhere',
  '/docs',
  '/docs/errors',
]

describe.each(looks)('$colorScheme, $viewport.width px', (look) => {
  it('no page has an accessibility violation, scrolls sideways or breaks the content policy', async () => {
    const page = await app.administrator(look)
    const found: string[] = []
    for (const path of [...paths, jobPath]) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.waitForLoadState('load')
      found.push(...(await problemsOf(page, path)))
    }
    expect(found).toEqual([])
    await page.context().close()
  })
})

it('the keyboard alone starts a job: skip link, form, button', async () => {
  const page = await app.administrator()
  await page.goto('/workflows/page-digest/run')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement?.textContent')).toMatch(/skip/i)
  await page.keyboard.press('Enter')
  const field = page.getByLabel('Page')
  const hasFocus = () => field.evaluate((element) => element.matches(':focus'))
  for (let presses = 0; presses < 40 && !(await hasFocus()); presses++) {
    await page.keyboard.press('Tab')
  }
  await page.keyboard.type('http://127.0.0.1:9/')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/jobs\/job_/)
  await page.context().close()
})

it('every answer of the running server has a content policy that CSP Evaluator finds nothing in', async () => {
  const answers = [
    ...paths.filter((path) => !/[#?]/.test(path)),
    jobPath,
    '/openapi.json',
    '/health/live',
    '/health/ready',
    '/%zz',
    '/api/nowhere',
    ...levqorRoutes
      .filter(({ contract }) => contract.method === 'GET' && contract.produces !== 'text/event-stream')
      .map(({ contract }) => contract.path.replace(/\{\w+\}/g, 'x')),
  ]
  const found: string[] = []
  for (const path of answers) {
    for (const key of [null, undefined]) {
      const { headers } = await app.levqor.request('GET', path, key === null ? { key } : {})
      const policy = headers.get('content-security-policy') ?? ''
      if (policy === '') found.push(`${path}: no policy`)
      if (/unsafe-inline/.test(policy)) found.push(`${path}: unsafe-inline`)
      for (const { directive, description } of new CspEvaluator(new CspParser(policy).csp).evaluate()) {
        found.push(`${path}: ${directive}: ${description}`)
      }
    }
  }
  expect(found).toEqual([])
  const { body } = await app.levqor.request('GET', '/sign-in')
  expect(body).not.toMatch(/\sstyle=/)
})
