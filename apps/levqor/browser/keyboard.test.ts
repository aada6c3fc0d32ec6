// The whole of identity by keyboard: no pointer, no script that presses or fills. After every step, the focus is somewhere,
// on the screen, and to be seen.
import { freePort, type Locator, type Page, totpCode, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { asIf } from './as-if.ts'
import { plugIn } from './authenticator.ts'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { mailedLink } from './people.ts'

let app: Console
let url: string
beforeAll(async () => {
  const port = await freePort()
  // Under its name: an IP address is no place for passkeys.
  url = `http://localhost:${port}`
  app = await openConsole({ PORT: String(port), LEVQOR_URL: url, LEVQOR_REGISTRATION: 'open' })
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

/** What the focus is on, and what is wrong about that; empty when nothing is. Text, because it runs in the page. */
const focusProblem = `(() => {
  const held = document.activeElement
  if (!held || held === document.body || held === document.documentElement) return 'the focus is lost'
  const name = held.outerHTML.slice(0, 120)
  const box = held.getBoundingClientRect()
  if (box.width === 0 || box.height === 0 || !held.checkVisibility()) return 'the focus is on something hidden: ' + name
  if (box.bottom < 0 || box.top > innerHeight) return 'the focus is off the screen: ' + name
  const { outlineStyle, outlineWidth } = getComputedStyle(held)
  // A dialog or a menu that holds the focus itself is seen as a whole.
  if (held.matches('[role=dialog][tabindex="-1"],[role=alertdialog][tabindex="-1"],[role=menu],[role^=menuitem]')) return ''
  return outlineStyle === 'none' || parseFloat(outlineWidth) < 2 ? 'the focus cannot be seen: ' + name : ''
})()`

function keyboardOf(page: Page) {
  const { keyboard } = page
  const holds = async (control: Locator) => (await control.and(page.locator(':focus')).count()) > 0

  async function seesFocus(): Promise<void> {
    await expect.poll(() => page.evaluate(focusProblem)).toBe('')
  }
  /** The page puts the focus there by itself. */
  async function comesTo(control: Locator): Promise<void> {
    await expect.poll(() => holds(control)).toBe(true)
  }
  /** By Tab, and by Shift+Tab where that is asked for. */
  async function reach(control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await control.waitFor()
    for (let presses = 0; presses < 120; presses++) {
      if (await holds(control)) return seesFocus()
      await keyboard.press(key)
    }
    throw new Error(`${key} does not lead to ${String(control)}.`)
  }
  async function press(control: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
    await reach(control)
    await keyboard.press(key)
  }
  async function type(field: Locator, text: string): Promise<void> {
    await reach(field)
    await keyboard.press('ControlOrMeta+A')
    await keyboard.type(text)
  }
  return { keyboard, holds, seesFocus, comesTo, reach, press, type }
}

const ada = { email: 'ada@example.com', password: 'correct horse battery staple' }

it('from making an account to its deletion and back, without a mouse', async () => {
  const page = await app.stranger({ baseURL: url })
  const { keyboard, holds, seesFocus, comesTo, reach, press, type } = keyboardOf(page)
  const button = (name: string | RegExp, inside: Page | Locator = page) =>
    inside.getByRole('button', { name, exact: true })
  const field = (name: string | RegExp, inside: Page | Locator = page) =>
    inside.getByLabel(name, { exact: true })
  const dialog = (name: string | RegExp) =>
    // Toasts are dialogs, too.
    page
      .getByRole('alertdialog', { name })
      .or(page.getByRole('dialog', { name }))
      .and(page.locator(':not([aria-modal=false])'))

  // An account, and in.
  await page.goto('/sign-in')
  await press(page.getByRole('link', { name: 'I have no account yet' }))
  await expectHeading(page, 'Make an account')
  await type(field('E-mail address'), ada.email)
  await type(field('Password'), ada.password)
  await keyboard.press('Enter')
  await page.getByRole('status').getByText(ada.email).waitFor()
  await seesFocus()
  await page.goto(await mailedLink(app.levqor, /^Confirm your address/, ada.email))
  await press(button('Confirm'), 'Space')
  await expectHeading(page, 'Your account is ready')
  await seesFocus()
  await press(page.getByRole('link', { name: 'Sign in' }))
  await expectHeading(page, 'Sign in')
  await press(button('Sign in with a password'))
  await seesFocus()
  await type(field('E-mail address'), ada.email)
  await type(field('Password'), 'wrong wrong wrong')
  await press(button('Show the password'), 'Space')
  await seesFocus()
  await reach(field('Password'), 'Shift+Tab')
  await keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await seesFocus()
  await type(field('Password'), ada.password)
  await press(button('Sign in'))
  await page.waitForURL('**/jobs')

  // To the account, by the menu.
  const account = page.getByRole('button', { name: /Workspace of|My workspace/ })
  await press(account)
  const toAccount = page.getByRole('menuitem', { name: 'Your account' })
  await toAccount.waitFor()
  for (let presses = 0; presses < 6 && !(await holds(toAccount)); presses++) await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await expectHeading(page, 'Your account')

  // Profile and address.
  await type(page.getByRole('textbox', { name: /^Name/ }), 'Ada')
  await keyboard.press('Enter')
  await page.getByText('Saved', { exact: true }).first().waitFor()
  await seesFocus()
  await type(field('New address'), 'ada@new.example.com')
  await press(button('Change the address'))
  await page.getByText('Waiting for both mailboxes').waitFor()
  await seesFocus()
  await press(button('Keep my address'))
  await field('New address').waitFor()
  await seesFocus()

  // The password, wrongly first.
  await type(field('Current password'), 'wrong wrong wrong')
  await type(field('New password'), 'a completely new passphrase')
  await press(button('Change the password'))
  await expect.poll(() => field('Current password').getAttribute('aria-invalid')).toBe('true')
  await seesFocus()
  await comesTo(button('Change the password'))
  await reach(field('Current password'), 'Shift+Tab')
  await keyboard.press('ControlOrMeta+A')
  await keyboard.type(ada.password)
  await keyboard.press('Enter')
  await page.getByText('Password changed').first().waitFor()
  await seesFocus()

  // Two-step sign-in, after a proof; what is begun can be left by Escape.
  asIf(app.levqor).quarterOfAnHourLater()
  const proof = dialog('Confirm that it is you')
  await press(button('Switch on'))
  await field('Your password', proof).waitFor()
  await seesFocus()
  await keyboard.press('Escape')
  await proof.waitFor({ state: 'hidden' })
  await seesFocus()
  await comesTo(button('Switch on'))
  await keyboard.press('Enter')
  await type(field('Your password', proof), 'a completely new passphrase')
  await keyboard.press('Enter')
  const setup = dialog('Switch on two-step sign-in')
  const secret = (await setup.locator('pre').textContent()) ?? ''
  await type(field('Code of your app', setup), totpCode(secret, Date.now()))
  await keyboard.press('Enter')
  const codes = dialog('Keep your recovery codes')
  await codes.waitFor()
  await seesFocus()
  await keyboard.press('Escape')
  expect(await codes.isVisible()).toBe(true)
  await press(codes.getByLabel('I have kept them'), 'Space')
  await press(button('Done', codes))
  await codes.waitFor({ state: 'hidden' })
  await page.getByText('10 recovery codes are left').waitFor()
  await seesFocus()

  // A passkey: added, named, removed.
  const device = await plugIn(page)
  const passkeys = page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem')
  await press(button('Add a passkey'))
  await passkeys.first().waitFor()
  await seesFocus()
  await press(passkeys.getByRole('button', { name: /^Rename/ }))
  await seesFocus()
  await keyboard.press('Escape')
  await passkeys.getByRole('button', { name: /^Rename/ }).waitFor()
  await seesFocus()
  await press(passkeys.getByRole('button', { name: /^Rename/ }))
  await type(page.getByLabel(/^New name of/), 'Laptop')
  await keyboard.press('Enter')
  await passkeys.getByText('Laptop').waitFor()
  await seesFocus()
  await press(button('Remove Laptop'))
  await press(button('Remove', dialog('Remove Laptop?')))
  await page.getByText('No passkey yet').waitFor()
  await dialog('Remove Laptop?').waitFor({ state: 'detached' })
  await seesFocus()
  await device.unplug()

  // Sessions: this one gets a name, another ends.
  const other = await app.stranger({ baseURL: url })
  await other.request.post('/api/auth/login', {
    headers: { origin: url },
    data: { email: ada.email, password: 'a completely new passphrase' },
  })
  asIf(app.levqor).nextCode()
  const answer = await other.request.post('/api/auth/second-factor', {
    headers: { origin: url },
    data: { code: totpCode(secret, Date.now()) },
  })
  expect(answer.status()).toBe(200)
  await other.context().close()
  await page.reload()
  const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
  const mine = sessions.filter({ hasText: 'this one' })
  await press(mine.getByRole('button', { name: /^Rename / }))
  await type(page.getByLabel(/^Name of /), 'Study')
  await keyboard.press('Enter')
  await mine.getByText('Study').waitFor()
  await seesFocus()
  await press(sessions.getByRole('button', { name: /^End/ }))
  await until(async () => (await sessions.count()) === 1, { what: 'the other session to go' })
  await seesFocus()

  // An API key: made, changed, rotated, revoked.
  await page.goto('/api-keys')
  await type(field('Name of the new key'), 'Nightly')
  await keyboard.press('Enter')
  await keepSecret()
  await press(button('Change Nightly'))
  await type(field('Name', dialog(/^Change/)), 'Weekly')
  await keyboard.press('Enter')
  await button('Change Weekly').waitFor()
  await seesFocus()
  await press(button('Rotate Weekly'))
  await reach(field('The old key still holds for'))
  await keyboard.press('ArrowUp')
  await press(button('Rotate the key'))
  await keepSecret()
  await press(button('Revoke Weekly').last())
  await press(button('Revoke the key', dialog(/^Revoke/)))
  await dialog(/^Revoke/).waitFor({ state: 'detached' })
  await seesFocus()

  // A member is invited, and not any more.
  await page.goto('/members')
  await type(field('E-mail address'), 'bob@example.com')
  await keyboard.press('Enter')
  const withdraw = button('Withdraw the invitation of bob@example.com')
  await withdraw.waitFor()
  await seesFocus()
  await press(withdraw)
  await page.getByText('Nobody is asked right now').waitFor()
  await seesFocus()

  // The end, and not the end.
  await page.goto('/account')
  await press(button('Delete my account'))
  const deletion = dialog('Delete your account?')
  await type(deletion.getByLabel(/^Type/), ada.email)
  await press(button('Delete it in 30 days', deletion))
  await page.getByText('This account will be deleted').waitFor()
  await deletion.waitFor({ state: 'detached' })
  await seesFocus()
  await press(button('Keep my account'))
  await page.getByText('This account will be deleted').waitFor({ state: 'detached' })
  await seesFocus()
  await page.context().close()

  async function keepSecret(): Promise<void> {
    const shown = dialog('Keep this secret now')
    await shown.waitFor()
    await seesFocus()
    await press(shown.getByRole('checkbox'), 'Space')
    await press(button('Done', shown))
    await shown.waitFor({ state: 'detached' })
    await seesFocus()
  }
})
