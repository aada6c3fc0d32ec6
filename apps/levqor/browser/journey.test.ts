import { axeViolations, type Page, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sampleSite } from '../test/page-for-tests.ts'
import { type Console, expectHeading, openConsole } from './open-console.ts'

let app: Console
let site: Awaited<ReturnType<typeof sampleSite>>
beforeAll(async () => {
  site = await sampleSite()
  app = await openConsole()
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await site?.close()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

/** The link of the newest mail that is read in the outbox; empty while there is none. */
async function mailedLink(): Promise<string> {
  const { items } = (await app.levqor.request('GET', '/ops/outbox')).body
  const newest = items.find(({ state }: { state: string }) => state === 'kept')
  if (!newest) return ''
  const mail = (await app.levqor.request('GET', `/ops/outbox/${newest.id}`)).body
  return /\/sign-in\/link#\S+/.exec(mail.text)?.[0] ?? ''
}

/** The secret that is shown once; says that it is kept. */
async function takeSecret(page: Page, shape: RegExp): Promise<string> {
  const dialog = page.getByRole('alertdialog')
  const text = await dialog.getByText(shape).first().textContent()
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.waitFor({ state: 'hidden' })
  return text?.trim() ?? ''
}

const jobCount = async () => (await app.levqor.request('GET', '/api/v1/jobs?limit=100')).body.items.length

describe('the administrator', () => {
  it('signs in with the first link, which a mere visit does not use up, and which works once', async () => {
    const { hash } = new URL(app.levqor.firstRun.sign_in_link)
    const scanner = await app.stranger()
    await scanner.goto(`/sign-in/link${hash}`)
    await scanner.getByRole('button', { name: 'Sign in' }).waitFor()
    await scanner.context().close()

    const page = await app.administrator()
    await page.goto('/jobs')
    await expectHeading(page, 'Jobs')
    await page.getByText('First workspace').first().waitFor()

    const second = await app.stranger()
    await second.goto(`/sign-in/link${hash}`)
    await second.getByRole('button', { name: 'Sign in' }).click()
    await second.getByText(/used/i).first().waitFor()
    expect((await second.context().cookies()).some(({ name }) => name.includes('session'))).toBe(false)
    await second.context().close()
    await page.context().close()
  })

  it('starts a job from a form made from the input schema; a double click is one job; steps arrive live', async () => {
    const page = await app.administrator()
    const before = await jobCount()
    await page.goto('/workflows/follow-up/run')
    await page.getByLabel('First address').fill(`${site.url}/from-the-browser`)
    await page.getByLabel('Seconds between them').fill('1')
    await page.getByRole('button', { name: 'Start job' }).dblclick()
    await page.waitForURL(/\/jobs\/job_[0-9a-f]{32}$/)
    // Nothing is reloaded from here on: what appears has arrived over the event stream.
    for (const step of ['first', 'pause', 'second'])
      await page.getByRole('button', { name: new RegExp(`^.*${step}`) }).waitFor()
    // Offered once the job is over.
    await page.getByRole('link', { name: 'Start another' }).waitFor()
    expect(await jobCount()).toBe(before + 1)

    await page.getByRole('button', { name: /first/ }).first().click()
    await page.getByText('/from-the-browser').first().waitFor()
    expect(site.hits.filter(({ url }) => url === '/from-the-browser')).toHaveLength(2)

    await page.getByRole('link', { name: 'Start another' }).click()
    await page.getByText('Filled in with what').waitFor()
    expect(await page.getByLabel('First address').inputValue()).toBe(`${site.url}/from-the-browser`)
    expect(await page.getByLabel('Seconds between them').inputValue()).toBe('1')
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel('First address').fill('')
    await page.getByRole('button', { name: 'Start job' }).click()
    await page.getByText('Add “First address”; it is required.').waitFor()
    await page.context().close()
  })

  it('sees the server’s own messages beside the fields', async () => {
    const page = await app.administrator()
    await page.goto('/workflows/csv-report/run')
    await page.getByLabel('CSV').fill('a,b\n1,2')
    await page.getByLabel('Send to').fill('nobody')
    await page.getByRole('button', { name: 'Start job' }).click()
    const field = page.getByLabel('Send to')
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
    await page.context().close()
  })

  it('cancels a waiting job after a question and brings it back', async () => {
    const { body } = await app.levqor.request('POST', '/api/v1/intake', {
      body: { workflow: 'follow-up', payload: { url: `${site.url}/cancelled`, seconds: 600 } },
    })
    const page = await app.administrator()
    await page.goto(`/jobs/${body.job_id}`)
    await page.getByRole('button', { name: 'Cancel job' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the job' }).click()
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.getByRole('button', { name: 'Cancel job' }).waitFor()
    expect((await app.levqor.request('GET', `/api/v1/jobs/${body.job_id}`)).body.redrives).toBe(1)
    await page.context().close()
  })

  it('makes a key that works at once, one with scopes, expiry and addresses, rotates that one and revokes the first', async () => {
    const page = await app.administrator()
    await page.goto('/api-keys')
    await page.getByLabel('Name of the new key').fill('From the browser')
    await page.getByRole('button', { name: 'Make key' }).click()
    const secret = await takeSecret(page, /lvk_live_/)
    expect((await app.levqor.request('GET', '/api/v1/jobs', { key: secret })).status).toBe(200)

    await page.getByText('Scopes, expiry and addresses').click()
    await page.getByLabel('Name of the new key').fill('Reader')
    // Nothing that reaches further than a job is given unasked, and a key without any scope is not made.
    const scope = (name: string) => page.getByRole('checkbox', { name })
    for (const name of ['jobs:read', 'jobs:write', 'workflows:read']) await scope(name).uncheck()
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
    await page.getByText('Choose at least one').waitFor()
    expect(await page.getByRole('button', { name: 'Make key' }).getAttribute('aria-disabled')).toBe('true')
    for (const name of ['jobs:read', 'workflows:read', 'api-keys:read']) await scope(name).check()
    await page.getByLabel('Kind').selectOption('test')
    await page.getByLabel('Expires').selectOption('30')
    await page.getByLabel('Allowed addresses').fill('127.0.0.0/8, 300.0.0.1')
    await page.getByRole('button', { name: 'Make key' }).click()
    await page.getByText(/^300\.0\.0\.1: Give a range/).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel('Allowed addresses').fill('127.0.0.0/8\n::1')
    await page.getByRole('button', { name: 'Make key' }).click()
    const reader = await takeSecret(page, /lvk_test_/)
    const use = async (method: string, key: string) =>
      (
        await app.levqor.request(method, '/api/v1/api-keys', {
          key,
          ...(method === 'POST' ? { body: { name: 'x' } } : {}),
        })
      ).status
    expect([await use('GET', reader), await use('POST', reader)]).toEqual([200, 403])

    const readers = page.getByRole('listitem').filter({ hasText: 'Reader' })
    await readers.getByText('jobs:read, workflows:read, api-keys:read').waitFor()
    await readers.getByRole('button', { name: 'Change Reader' }).click()
    const change = page.getByRole('dialog')
    await change.getByLabel('Name').fill('Reader of lists')
    await change.getByLabel('Allowed addresses').fill('300.0.0.1')
    await change.getByRole('button', { name: 'Save' }).click()
    await change.getByText(/^300\.0\.0\.1: Give a range/).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await change.getByLabel('Allowed addresses').fill('127.0.0.0/8\n::1\n10.0.0.0/8')
    await change.getByRole('button', { name: 'Save' }).dblclick()
    await readers
      .getByText('127.0.0.0/8, ::1/128, 10.0.0.0/8')
      .or(readers.getByText('127.0.0.0/8, ::1, 10.0.0.0/8'))
      .waitFor()
    expect(await use('GET', reader)).toBe(200)
    await readers.getByRole('button', { name: 'Rotate Reader' }).click()
    const rotation = page.getByRole('dialog')
    await rotation.getByLabel('The old key still holds for').selectOption('1 hour')
    expect(await axeViolations(page)).toEqual([])
    await rotation.getByRole('button', { name: 'Rotate the key' }).dblclick()
    const successor = await takeSecret(page, /lvk_test_/)
    expect([await use('GET', reader), await use('GET', successor)]).toEqual([200, 200])
    await readers.getByText(/still holds beside its successor/).waitFor()
    expect(await readers.count()).toBe(2)
    expect(await readers.getByRole('button', { name: 'Rotate Reader' }).count()).toBe(1)

    const row = page
      .getByRole('listitem')
      .filter({ hasText: 'From the browser' })
      .or(page.getByRole('row').filter({ hasText: 'From the browser' }))
    await row
      .first()
      .getByRole('button', { name: /^Revoke/ })
      .click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke the key' }).click()
    await expect
      .poll(async () => (await app.levqor.request('GET', '/api/v1/jobs', { key: secret })).status)
      .toBe(401)
    await page.context().close()
  })

  it('asks for a mailed link, finds it in the outbox, and signs in with it in the browser that asked', async () => {
    const asker = await app.stranger()
    await asker.goto('/sign-in')
    await asker.getByLabel('E-mail address').fill(app.levqor.firstRun.admin_email)
    await asker.getByRole('button', { name: 'Mail me a link' }).click()
    await asker.getByText(/link is on its way/).waitFor()

    await until(async () => (await mailedLink()) !== '', {
      what: 'the mail in the outbox',
      timeoutMs: 10_000,
    })
    const link = await mailedLink()

    const other = await app.stranger()
    await other.goto(link)
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByLabel(/code/i).waitFor()
    await other.context().close()

    await asker.goto(link)
    await asker.getByRole('button', { name: 'Sign in' }).click()
    await asker.waitForURL('**/jobs')
    await asker.context().close()
  })
})

it('a stranger is sent to sign in and comes back to the page', async () => {
  const page = await app.stranger()
  await page.goto('/api-keys')
  await page.waitForURL(/\/sign-in/)
  await expectHeading(page, 'Sign in')
  await page.context().close()
})
