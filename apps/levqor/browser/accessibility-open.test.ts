// Accessibility of what no address leads to: the second step of a sign-in that has begun, pages under the banner of an
// operator who acts for somebody, and whatever opens above a page. Both colours, both widths.
import { type Page, totpCode } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { asIf } from './as-if.ts'
import { looks, problemsInLooks } from './looks.ts'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { makeAccount, signInWithPassword } from './people.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_REGISTRATION: 'open' })
  for (const person of [ada, bea]) await makeAccount(app.levqor, person)
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const password = 'correct horse battery staple'
const ada = { email: 'ada@example.com', password, name: 'Ada' }
const bea = { email: 'bea@example.com', password, name: 'Bea' }

async function signedIn(person: typeof ada): Promise<Page> {
  const page = await app.stranger()
  await signInWithPassword(page, person)
  await page.waitForURL('**/jobs')
  return page
}

/** Opens each in turn and looks at it. */
async function problemsOfAll(
  page: Page,
  dialogs: readonly { what: string; at: string; press: string | RegExp }[],
): Promise<string[]> {
  const found: string[] = []
  for (const { what, at, press } of dialogs) {
    await page.goto(at)
    await page.getByRole('button', { name: press }).first().click()
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor()
    found.push(...(await problemsInLooks(page, what)))
  }
  return found
}

it('of two-step sign-in: switching on, its recovery codes, the second step with each way and a wrong code, switching off', async () => {
  const page = await signedIn(ada)
  const found: string[] = []
  const look = async (what: string) => found.push(...(await problemsInLooks(page, what)))
  await page.goto('/account')
  await page.getByRole('button', { name: 'Switch on' }).click()
  const setup = page.getByRole('alertdialog', { name: 'Switch on two-step sign-in' })
  const secret = (await setup.locator('pre').textContent()) ?? ''
  await look('switch on')
  await setup.getByLabel('Code of your app').fill(totpCode(secret, Date.now()))
  await setup.getByRole('button', { name: 'Switch on' }).click()
  await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').first().waitFor()
  await look('recovery codes')
  await page.getByLabel('I have kept them').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Switch off' }).click()
  await page.getByRole('alertdialog', { name: 'Switch off two-step sign-in?' }).waitFor()
  await look('switch off')

  await page.context().clearCookies()
  await signInWithPassword(page, ada)
  await expectHeading(page, 'One more step')
  await page.getByLabel('Code', { exact: true }).waitFor()
  found.push(...(await problemsInLooks(page, 'second step', looks)))
  await page.getByLabel('Code', { exact: true }).fill('000000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('let the clock of your phone be set').waitFor()
  await look('second step, wrong code')
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').waitFor()
  await look('second step, recovery code')
  expect(found).toEqual([])
  await page.context().close()
})

it('of an operator: acting as somebody, closing an account, unlocking one, reading a mail, the menus', async () => {
  const page = await app.administrator()
  const found = await problemsOfAll(page, [
    { what: 'act as', at: '/users', press: `Act as ${bea.email}` },
    { what: 'close an account', at: '/users', press: `Close ${bea.email}` },
    { what: 'unlock an account', at: '/security/lockouts', press: 'Unlock an account' },
    { what: 'a mail', at: '/outbox', press: /^Confirm your address/ },
  ])
  await page.goto('/jobs')
  await page.getByRole('button', { name: /First workspace/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
  const [light, dark, lightNarrow, darkNarrow] = looks
  found.push(...(await problemsInLooks(page, 'menu of the person', [light, dark])))
  await page.setViewportSize(lightNarrow.viewport)
  await page.reload()
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await page.getByRole('dialog').waitFor()
  found.push(...(await problemsInLooks(page, 'menu of a phone', [lightNarrow, darkNarrow])))
  expect(found).toEqual([])
  await page.context().close()
})

it('of keys: a new one shown once, changing, rotating and revoking one', async () => {
  const page = await signedIn(bea)
  await page.goto('/api-keys')
  await page.getByLabel('Name of the new key').fill('Shown once')
  await page.getByRole('button', { name: 'Make key' }).click()
  const shown = page.getByRole('alertdialog', { name: 'Keep this secret now' })
  await shown.waitFor()
  const found = await problemsInLooks(page, 'new key')
  await shown.getByRole('checkbox').check()
  await shown.getByRole('button', { name: 'Done' }).click()
  found.push(
    ...(await problemsOfAll(page, [
      { what: 'change a key', at: '/api-keys', press: 'Change Shown once' },
      { what: 'rotate a key', at: '/api-keys', press: 'Rotate Shown once' },
      { what: 'revoke a key', at: '/api-keys', press: 'Revoke Shown once' },
    ])),
  )
  expect(found).toEqual([])
  await page.context().close()
})

it('of every page of the console under the banner of an operator who acts for somebody', async () => {
  const page = await app.administrator()
  await page.goto('/users')
  await page.getByRole('button', { name: `Act as ${bea.email}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('Her jobs do not run, she asked.')
  await dialog.getByRole('button', { name: 'Act as them' }).click()
  await page.waitForURL('**/jobs')
  const found: string[] = []
  const paths = ['/jobs', '/workflows', '/workflows/page-digest', '/workflows/csv-report/run', '/api-keys']
  for (const path of [...paths, '/dead-letters', '/members', '/account', '/queue', '/users']) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.getByText('You act as Bea').waitFor()
    found.push(...(await problemsInLooks(page, path)))
  }
  expect(found).toEqual([])
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.waitForURL('**/users')
  await page.context().close()
})

it('of a person: the question who is there, with a password and with a mailed code, and deleting the account', async () => {
  const page = await signedIn(bea)
  const found = await problemsOfAll(page, [
    { what: 'delete my account', at: '/account', press: 'Delete my account' },
  ])
  await page.goto('/account')
  asIf(app.levqor).quarterOfAnHourLater()
  const proof = page.getByRole('alertdialog', { name: 'Confirm that it is you' })
  await page.getByRole('button', { name: 'Switch on' }).click()
  await proof.getByLabel('Your password').waitFor()
  found.push(...(await problemsInLooks(page, 'proof by password')))
  await page.context().close()

  const operator = await app.administrator()
  await operator.goto('/account')
  asIf(app.levqor).quarterOfAnHourLater()
  await operator.getByRole('button', { name: 'Switch on' }).click()
  const mailed = operator.getByRole('alertdialog', { name: 'Confirm that it is you' })
  await mailed.getByRole('button', { name: 'Mail me a code' }).waitFor()
  found.push(...(await problemsInLooks(operator, 'proof by mail')))
  await mailed.getByRole('button', { name: 'Mail me a code' }).click()
  await mailed.getByLabel('Code of the mail').waitFor()
  found.push(...(await problemsInLooks(operator, 'proof by mail, code')))
  expect(found).toEqual([])
  await operator.context().close()
})
