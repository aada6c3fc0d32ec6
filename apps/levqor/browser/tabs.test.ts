// Two tabs of one browser share one session. What one tab makes of it, the other must not overlook: what is done there
// lands with whom the session belongs to now, and in its workspace.
import { type Page, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { makeAccount } from './people.ts'

const bea = { email: 'bea@example.com', password: 'correct horse battery staple', name: 'Bea' }

/** A page in sight asks every 5 seconds; the rest is its way there. */
const noticed = { timeout: 10_000 }

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_REGISTRATION: 'open' })
  await makeAccount(app.levqor, bea)
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

/** Two tabs of the administrator, the first with a page of its own. */
async function setup(path: string, heading: string | RegExp): Promise<{ first: Page; second: Page }> {
  const first = await app.administrator()
  await first.goto(path)
  await expectHeading(first, heading)
  await first.getByRole('button', { name: /First workspace/ }).waitFor()
  const second = await first.context().newPage()
  return { first, second }
}

async function switchTo(page: Page, from: string, to: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(from) }).click()
  await page.getByRole('menuitem', { name: to }).click()
  await page.getByRole('button', { name: new RegExp(to) }).waitFor()
}

it('a workspace that one tab changes to is the other’s, too, which says so and stays in its area', async () => {
  const { first, second } = await setup('/workflows/page-digest', /page.digest/i)
  await second.goto('/members')
  await second.getByLabel('Name of the new workspace').fill('Second one')
  await second.getByRole('button', { name: 'Make a workspace' }).click()
  await second.waitForURL('**/jobs')
  await second.getByRole('button', { name: /Second one/ }).waitFor()

  await first.getByRole('button', { name: /Second one/ }).waitFor(noticed)
  // The workflow was the other workspace's.
  expect(new URL(first.url()).pathname).toBe('/workflows')
  await first.getByText('You are now working in “Second one”').first().waitFor()

  await first.goto('/api-keys')
  await switchTo(second, 'Second one', 'First workspace')
  // Nobody is told of what they did themselves.
  expect(await second.getByText('You are now working in').count()).toBe(0)
  await first.getByRole('button', { name: /First workspace/ }).waitFor(noticed)
  expect(new URL(first.url()).pathname).toBe('/api-keys')
  // What is made here is where the page says.
  await first.getByLabel('Name of the new key').fill('Of the first')
  await first.getByRole('button', { name: 'Make key' }).click()
  await first.getByRole('alertdialog', { name: 'Keep this secret now' }).waitFor()
  await second.goto('/api-keys')
  await second.getByText('Of the first').first().waitFor()
  await first.context().close()
})

it('a page asks at once when it comes to sight or its window is turned to, not at its next turn', async () => {
  const page = await app.administrator()
  let asked = 0
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/auth/session') asked++
  })
  for (const come of [
    `document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`,
    `window.dispatchEvent(new Event('focus'))`,
  ]) {
    const first = page.waitForResponse('**/api/auth/session')
    await page.goto('/api-keys')
    await (await first).finished()
    const before = asked
    await until(
      async () => {
        await page.evaluate(come)
        return asked > before
      },
      { what: `the page to ask long before its next turn after ${come}`, timeoutMs: 2_500 },
    )
  }
  await page.context().close()
})

it('an operator who begins to act for somebody in one tab acts in the other, under the banner, and stops in both', async () => {
  const { first, second } = await setup('/users', 'Users')
  await second.goto('/users')
  await second.getByRole('button', { name: `Act as ${bea.email}` }).click()
  const dialog = second.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('Her jobs do not run, she asked.')
  await dialog.getByRole('button', { name: 'Act as them' }).click()
  await second.getByText('You act as Bea').waitFor()

  await first.getByText('You act as Bea').waitFor(noticed)
  expect(new URL(first.url()).pathname).toBe('/jobs')

  await second.getByRole('button', { name: 'Stop' }).click()
  await second.waitForURL('**/users')
  await first.getByRole('button', { name: /First workspace/ }).waitFor(noticed)
  expect(await first.getByText('You act as').count()).toBe(0)
  // It acts for nobody any more: once its session ends, the page asks who is there.
  await second.getByRole('button', { name: /First workspace/ }).click()
  await second.getByRole('menuitem', { name: 'Sign out' }).click()
  await first.waitForURL('**/sign-in', noticed)
  await first.context().close()
})
