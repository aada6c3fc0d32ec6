// Passkeys in a real browser, with authenticators that it simulates itself: added, used, named, removed.
import { axeViolations, type BrowserContextOptions, type Page, totpCode, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { plugIn } from './authenticator.ts'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { makeAccount, signInWithPassword } from './people.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_REGISTRATION: 'open' })
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const password = 'correct horse battery staple'

/** Under its name: an IP address is no place for passkeys. */
const open = (options: BrowserContextOptions = {}) =>
  app.stranger({ baseURL: app.levqor.url.replace('127.0.0.1', 'localhost'), ...options })

/** For whoever looks at the pages: kept where this variable says. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.LEVQOR_SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

const passkeysOf = (page: Page) => page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem')

describe('a passkey', () => {
  it('is added, signs in, is renamed and removed; then it opens nothing, and the page says so', async () => {
    await makeAccount(app.levqor, { email: 'ada@example.com', password })
    const page = await open({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
    const device = await plugIn(page)
    await signInWithPassword(page, { email: 'ada@example.com', password })
    await page.waitForURL('**/jobs')
    await page.goto('/account')
    await page.getByText('No passkey yet').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'account-empty-light')
    // Twice in a row is once.
    await page.getByRole('button', { name: 'Add a passkey' }).dblclick()
    await page
      .getByText(/^Passkey added/)
      .first()
      .waitFor()
    await passkeysOf(page).first().waitFor()
    expect(await passkeysOf(page).count()).toBe(1)
    expect(await device.passkeys()).toBe(1)
    await passkeysOf(page).getByText('not used yet').waitFor()
    // The device has one already.
    await page.getByRole('button', { name: 'Add another passkey' }).click()
    await page.getByRole('alert').getByText('This device has one already').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'account-known-light')

    await device.recognises(false)
    await page
      .getByRole('button', { name: /ada@example.com|Workspace of|My workspace/ })
      .first()
      .click()
    await page.getByRole('menuitem', { name: /sign out/i }).click()
    await page.waitForURL('**/sign-in**')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').getByText('No passkey was used').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'sign-in-cancelled-light')
    await device.recognises(true)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.waitForURL('**/jobs')

    await page.goto('/account')
    await passkeysOf(page)
      .getByText(/^last used/)
      .waitFor()
    await page.getByRole('list', { name: 'Sessions' }).getByText('signed in with a passkey').waitFor()
    await passkeysOf(page)
      .getByRole('button', { name: /^Rename / })
      .click()
    await page.getByLabel(/^New name of/).fill('Yellow laptop')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await passkeysOf(page).getByText('Yellow laptop').waitFor()
    await shoot(page, 'account-one-light')
    await page.getByRole('button', { name: 'Remove Yellow laptop' }).click()
    const question = page.getByRole('alertdialog')
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'account-remove-light')
    await question.getByRole('button', { name: 'Remove' }).dblclick()
    await page.getByText('No passkey yet').waitFor()

    await device.recognises(false)
    await page.context().clearCookies()
    await page.goto('/sign-in')
    const button = page.getByRole('button', { name: 'Sign in with a passkey' })
    await button.waitFor()
    await device.recognises(true)
    await button.click()
    await page.getByRole('alert').getByText('This passkey was not accepted').waitFor()
    await shoot(page, 'sign-in-refused-light')
    await page.context().close()
  })

  it('works with the keyboard alone, on a phone in the dark; a second device has its own', async () => {
    await makeAccount(app.levqor, { email: 'bob@example.com', password })
    const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    const phone = await plugIn(page)
    await signInWithPassword(page, { email: 'bob@example.com', password })
    await page.waitForURL('**/jobs')
    await page.goto('/account')
    await page.getByText('No passkey yet').waitFor()
    await shoot(page, 'account-empty-dark')
    await reach(page, 'Add a passkey')
    await page.keyboard.press('Enter')
    await passkeysOf(page).first().waitFor()
    await phone.unplug()
    const key = await plugIn(page)
    await reach(page, 'Add another passkey')
    await page.keyboard.press('Enter')
    await until(async () => (await passkeysOf(page).count()) === 2, { what: 'the second passkey' })
    expect(await axeViolations(page)).toEqual([])
    await reach(page, /^Rename/)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('Phone')
    await page.keyboard.press('Enter')
    await passkeysOf(page).getByText('Phone').waitFor()
    await shoot(page, 'account-two-dark')
    await reach(page, 'Remove Phone')
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').waitFor()
    await shoot(page, 'account-remove-dark')
    await reach(page, 'Remove')
    await page.keyboard.press('Enter')
    await until(async () => (await passkeysOf(page).count()) === 1, { what: 'the first to go' })

    await key.recognises(false)
    await page.context().clearCookies()
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    await reach(page, 'Sign in with a passkey')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('No passkey was used').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'sign-in-cancelled-dark')
    await key.recognises(true)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/jobs')
    await page.context().close()
  })

  it('is the second step of a sign-in with a password, and a proof before something sensitive', async () => {
    await makeAccount(app.levqor, { email: 'eve@example.com', password })
    const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    const device = await plugIn(page)
    await signInWithPassword(page, { email: 'eve@example.com', password })
    await page.waitForURL('**/jobs')
    await page.goto('/account')
    // As it answers when the last proof is old; the dialog leads on to what was asked for.
    let refusals = 0
    await page.route('**/api/auth/passkeys/psk_*', async (route) => {
      if (refusals++ > 0) return route.continue()
      const body = {
        type: 'about:blank',
        title: 'x',
        status: 403,
        detail: 'x',
        code: 'proof_required',
        request_id: 'x',
      }
      return route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        body: JSON.stringify(body),
      })
    })
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await passkeysOf(page).first().waitFor()
    await switchTwoStepsOn(page)

    await device.recognises(false)
    await page.context().clearCookies()
    await signInWithPassword(page, { email: 'eve@example.com', password })
    await expectHeading(page, 'One more step')
    await page.getByRole('button', { name: 'Use a passkey instead' }).click()
    await page.getByRole('alert').getByText('No passkey was used').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'second-step-dark')
    await device.recognises(true)
    await page.getByRole('button', { name: 'Use a passkey instead' }).click()
    await page.waitForURL('**/jobs')

    await page.goto('/account')
    await page.getByRole('button', { name: /^Remove / }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    const proof = page.getByRole('alertdialog', { name: 'Confirm that it is you' })
    await proof.getByRole('button', { name: 'Use a passkey' }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await shoot(page, 'proof-dark')
    await proof.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('No passkey yet').waitFor()
    expect(refusals).toBe(2)
    await page.context().close()
  })

  it('is picked among the suggestions of the address field, without any button', async () => {
    await makeAccount(app.levqor, { email: 'dan@example.com', password })
    const page = await open()
    await plugIn(page)
    await signInWithPassword(page, { email: 'dan@example.com', password })
    await page.waitForURL('**/jobs')
    await page.goto('/account')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await passkeysOf(page).first().waitFor()
    await page.context().clearCookies()
    // The simulated device picks what it is offered there at once.
    await page.goto('/sign-in?next=%2Fqueue')
    await page.waitForURL('**/queue')

    // Once it is removed, picking it leads to words, and to other ways in.
    await page.goto('/account')
    await page.getByRole('button', { name: /^Remove / }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No passkey yet').waitFor()
    await page.context().clearCookies()
    await page.goto('/sign-in')
    await page.getByRole('alert').getByText('This passkey was not accepted').waitFor()
    await page.getByRole('button', { name: 'Sign in with a password' }).click()
    expect(await page.getByLabel('E-mail address').getAttribute('autocomplete')).toBe('username webauthn')
    await page.context().close()
  })

  it('at an IP address is not asked for: the page says where to go instead', async () => {
    const page = await app.stranger()
    await plugIn(page)
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    const notice = page.getByRole('alert').filter({ hasText: 'Passkeys do not work at this address' })
    await notice.getByText(/Open http:\/\/localhost:\d+ instead/).waitFor()
    await shoot(page, 'sign-in-address-light')
    await page.context().close()
  })

  it('in a browser without passkeys is refused with a clear text, and other ways stay open', async () => {
    const page = await open()
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'PublicKeyCredential')
    })
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').getByText('This browser knows no passkeys').waitFor()
    await page.getByLabel('E-mail address').fill('nobody@example.com')
    await page.getByRole('button', { name: 'Mail me a link' }).click()
    await page.getByRole('status').getByText('nobody@example.com').waitFor()
    await page.context().close()
  })

  it('may be asked for by our own pages, as far as the permissions policy goes', async () => {
    const page = await open()
    const answer = await page.goto('/sign-in')
    const policy = answer?.headers()['permissions-policy'] ?? ''
    expect(policy).toContain('camera=()')
    expect(policy).not.toMatch(/publickey-credentials/)
    await page.context().close()
  })
})

/** Goes on with the Tab key until the control with this name has the focus. */
async function reach(page: Page, name: string | RegExp): Promise<void> {
  const target = page.getByRole('button', { name, exact: true }).first()
  await target.waitFor()
  for (let i = 0; i < 80; i++) {
    if (await target.evaluate((element) => element.matches(':focus'))) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The Tab key does not lead to ${String(name)}.`)
}

/** By the interface: the dialogs for it are tested where they belong. */
async function switchTwoStepsOn(page: Page): Promise<void> {
  const origin = new URL(page.url()).origin
  const post = async (path: string, data?: object) => {
    const answer = await page.request.post(`/api/auth/totp/${path}`, {
      headers: { origin },
      ...(data ? { data } : {}),
    })
    expect(answer.status()).toBe(200)
    return answer.json()
  }
  const { secret } = await post('start')
  await post('confirm', { code: totpCode(secret, Date.now()) })
}
