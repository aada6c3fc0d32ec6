// An account of one's own, from the first mail to a forgotten password, in a real browser.
import { axeViolations, type Page, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { mailedLink, signInWithPassword } from './people.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_REGISTRATION: 'open' })
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const ada = { email: 'ada@example.com', password: 'correct horse battery staple' }

const linkOf = (subject: RegExp) => mailedLink(app.levqor, subject, ada.email)
const signIn = (page: Page, password = ada.password) =>
  signInWithPassword(page, { email: ada.email, password })

/** For whoever looks at the pages: kept where this variable says. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.LEVQOR_SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

describe('a person', () => {
  it('registers, confirms the address, and signs in with a password', async () => {
    const page = await app.stranger()
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'I have no account yet' }).click()
    await expectHeading(page, 'Make an account')
    await page.getByLabel('E-mail address').fill(ada.email)
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Password', { exact: true }).fill('passwordpassword')
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByText('among the first that anybody tries').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel('Password', { exact: true }).fill(ada.password)
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByRole('status').getByText(ada.email).waitFor()

    await page.goto(await linkOf(/^Confirm your address/))
    // A mail scanner only looks: nothing happens before the button.
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expectHeading(page, 'Your account is ready')
    await page.getByText(ada.email).waitFor()

    await signIn(page, 'wrong wrong wrong')
    await page.getByRole('alert').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel('Password', { exact: true }).fill(ada.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL('**/jobs')
    await page.getByText('Workspace of Ada').first().waitFor()
    await page.context().close()
  })

  it('confirms in another browser with the password of the registration, and never what somebody else asked for', async () => {
    const bea = { email: 'bea@example.com', password: ada.password }
    const stranger = { email: bea.email, password: 'a password of somebody else' }
    const post = (path: string, body: object) =>
      app.levqor.request('POST', `/api/auth/${path}`, { key: null, body })
    expect((await post('register', stranger)).status).toBe(202)
    const theirs = await mailedLink(app.levqor, /^Confirm your address/, bea.email)
    const page = await app.stranger({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await page.goto(theirs)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expectHeading(page, 'Was it you who registered?')
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'verify-other-browser-dark-390')
    const field = page.getByLabel('Password', { exact: true })
    await field.fill(bea.password)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('If it was not you who asked').waitFor()
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'verify-wrong-password-dark-390')
    expect((await post('login', stranger)).status).toBe(401)

    expect((await post('register', bea)).status).toBe(202)
    let mine = theirs
    await until(
      async () => {
        mine = await mailedLink(app.levqor, /^Confirm your address/, bea.email)
        return mine !== theirs
      },
      { what: 'the second mail' },
    )
    // In the same tab: what was typed for the other mail is gone.
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(mine)
    await expectHeading(page, 'Confirm your address')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expectHeading(page, 'Was it you who registered?')
    await shoot(page, 'verify-other-browser-light-1280')
    await field.fill(bea.password)
    await field.press('Enter')
    await expectHeading(page, 'Your account is ready')
    expect((await post('login', bea)).status).toBe(200)
    expect((await post('login', stranger)).status).toBe(401)

    await page.goto('about:blank')
    await page.goto(mine)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expectHeading(page, 'This link has been used')
    await page.context().close()
  })

  it('sees where the account is signed in, names this device, and throws the other out', async () => {
    const here = await app.stranger()
    const there = await app.stranger()
    await signIn(here)
    await here.waitForURL('**/jobs')
    await signIn(there)
    await there.waitForURL('**/jobs')
    // A page that asks for nothing by itself.
    await there.goto('/workflows')
    await expectHeading(there, 'Workflows')

    await here.goto('/account')
    await expectHeading(here, 'Your account')
    const sessions = here.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
    const mine = sessions.filter({ hasText: 'this one' })
    await mine.getByRole('button', { name: /^Rename / }).click()
    await here.getByLabel(/^Name of /).fill('Study')
    await here.getByRole('button', { name: 'Save', exact: true }).click()
    await mine.getByText('Study').waitFor()
    const before = await sessions.count()
    expect(before).toBeGreaterThan(1)
    expect(await axeViolations(here)).toEqual([])
    await here.getByRole('button', { name: 'End all others' }).click()
    await until(async () => (await sessions.count()) === 1, { what: 'the others to go' })

    await there.waitForURL('**/sign-in?next=%2Fworkflows', { timeout: 10_000 })
    // What happened is said to whoever was at work, and not again.
    await there.getByRole('status').getByText('Your session has ended').waitFor()
    expect(await axeViolations(there)).toEqual([])
    await there.reload()
    await expectHeading(there, 'Sign in')
    await there.getByRole('button', { name: 'Mail me a link' }).waitFor()
    expect(await there.getByText('Your session has ended').count()).toBe(0)
    await here.reload()
    await mine.getByText('Study').waitFor()
    await there.context().close()
    await here.context().close()
  })

  it('forgets the password and chooses another; the old one opens nothing', async () => {
    const page = await app.stranger()
    await page.goto('/forgot-password')
    await page.getByLabel('E-mail address').fill(ada.email)
    await page.getByRole('button', { name: 'Mail me a link' }).click()
    await page.getByRole('status').getByText(ada.email).waitFor()
    await page.getByText('No mail server is set here: an operator finds the mail in the outbox.').waitFor()
    const link = await linkOf(/^Choose a new password/)
    await page.goto(link)
    await page.getByLabel('New password').fill('too short')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('Use at least 15 characters').waitFor()
    const password = 'a completely new passphrase'
    await page.getByLabel('New password').fill(password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await expectHeading(page, 'Your password is changed')
    await page.goto('/sign-in')
    await page.goto(link)
    await page.getByLabel('New password').fill(password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await expectHeading(page, 'This link has been used')

    await signIn(page)
    await page.getByRole('alert').waitFor()
    await signIn(page, password)
    await page.waitForURL('**/jobs')
    await page.context().close()
  })

  it('with a broken link is told so, and where to get another', async () => {
    const page = await app.stranger()
    for (const path of ['/verify', '/reset-password', '/invitation']) {
      await page.goto(path)
      await expectHeading(page, 'This link is incomplete')
    }
    await page.goto(`/reset-password#token=${'x'.repeat(43)}`)
    await page.getByLabel('New password').fill('a completely new passphrase')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await expectHeading(page, 'This link is not valid')
    await page.getByRole('link', { name: 'Ask for a new mail' }).click()
    await expectHeading(page, 'Forgotten password')
    await page.goto(`/invitation#token=${'x'.repeat(43)}`)
    await expectHeading(page, 'This link is not valid')
    await page.context().close()
  })
})

it('too many wrong passwords lock, with a countdown; the operator sees it and lets them in again', async () => {
  const page = await app.stranger()
  for (let i = 0; i < 6; i++) {
    const { status } = await app.levqor.request('POST', '/api/auth/login', {
      key: null,
      body: { email: 'bob@example.com', password: 'wrong wrong wrong' },
    })
    expect(status).toBe(i < 5 ? 401 : 429)
  }
  await signInWithPassword(page, { email: 'bob@example.com', password: 'wrong wrong wrong' })
  await page.getByRole('button', { name: /Again in \d+ min/ }).waitFor()
  // The lock is that account's: with another address the server is asked again.
  await page.getByLabel('E-mail address').fill('robert@example.com')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('alert').getByText('The address or the password is wrong').waitFor()
  await page.context().close()

  const operator = await app.administrator()
  await operator.goto('/security/lockouts')
  const lockouts = operator.getByRole('list', { name: 'Lockouts' })
  await lockouts.getByRole('listitem').first().waitFor()
  expect(await axeViolations(operator)).toEqual([])
  await operator.getByRole('button', { name: 'Unlock an account' }).click()
  const dialog = operator.getByRole('dialog')
  await dialog.getByLabel('E-mail address').fill('bob@example.com')
  await dialog.getByLabel(/Network address/).fill('127.0.0.1')
  await dialog.getByRole('button', { name: 'Unlock' }).click()
  await operator.getByText('Unlocked').first().waitFor()
  const { status } = await app.levqor.request('POST', '/api/auth/login', {
    key: null,
    body: { email: 'bob@example.com', password: 'wrong wrong wrong' },
  })
  expect(status).toBe(401)
  await operator.context().close()
})
