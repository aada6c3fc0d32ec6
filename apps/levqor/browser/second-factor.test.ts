// Two-step sign-in in a real browser: switched on, used, without the phone, and off again; and the dialog that asks who is
// there before something sensitive.
import { axeViolations, type Locator, type Page, totpCode, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { asIf } from './as-if.ts'
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

const register = (email: string) => makeAccount(app.levqor, { email, password })

const quarterOfAnHourLater = () => asIf(app.levqor).quarterOfAnHourLater()
const nextCode = () => asIf(app.levqor).nextCode()

const codeNow = (secret: string) => totpCode(secret, Date.now())

async function newestCode(): Promise<string> {
  let code = ''
  await until(
    async () => {
      const { items } = (await app.levqor.request('GET', '/ops/outbox')).body
      const mail = items.find(({ subject }: { subject: string }) => /^Your code/.test(subject))
      if (!mail) return false
      const { text } = (await app.levqor.request('GET', `/ops/outbox/${mail.id}`)).body
      code = /^\d{6}$/m.exec(text)?.[0] ?? ''
      return code !== ''
    },
    { what: 'the mailed code' },
  )
  return code
}

async function open(page: Page): Promise<void> {
  await page.goto('/account')
  await expectHeading(page, 'Your account')
}

const on = (page: Page) => page.getByText('with an authenticator app')

/** From the open account page; returns what the page showed. */
async function switchOn(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.getByRole('button', { name: 'Switch on' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Switch on two-step sign-in' })
  await dialog.getByRole('img', { name: /^QR code/ }).waitFor()
  const secret = (await dialog.locator('pre').textContent()) ?? ''
  expect(await axeViolations(page)).toEqual([])
  await dialog.getByLabel('Code of your app').fill('000000')
  await dialog.getByRole('button', { name: 'Switch on' }).click()
  await dialog.getByText('Type in the code that the app shows now').waitFor()
  expect(await axeViolations(page)).toEqual([])
  await dialog.getByLabel('Code of your app').fill(codeNow(secret))
  await dialog.getByRole('button', { name: 'Switch on' }).click()
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await codes.first().waitFor()
  return { secret, codes: await codes.allTextContents() }
}

it('is switched on, asks at the next sign-in, lets a recovery code in without the phone, and is switched off', async () => {
  const email = 'ada@example.com'
  await register(email)
  const page = await app.stranger()
  await signInWithPassword(page, { email, password })
  await page.waitForURL('**/jobs')
  await open(page)
  await page.getByText('asks for a code that an app').waitFor()
  expect(await axeViolations(page)).toEqual([])
  const { secret, codes } = await switchOn(page)
  expect(codes).toHaveLength(10)
  // The only sight of them is not lost by a key.
  await page.keyboard.press('Escape')
  expect(await axeViolations(page)).toEqual([])
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download as text' }).click()
  expect((await download).suggestedFilename()).toBe('recovery-codes.txt')
  await page.getByLabel('I have kept them').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('alertdialog').waitFor({ state: 'detached' })
  await on(page).waitFor()
  await page.getByText('10 recovery codes are left').waitFor()
  expect(await axeViolations(page)).toEqual([])

  // With the code, typed as it is shown, after a wrong one and a reload.
  nextCode()
  const second = await app.stranger()
  await second.goto('/sign-in?next=%2Faccount')
  await second.getByRole('button', { name: 'Sign in with a password' }).click()
  await second.getByLabel('E-mail address').fill(email)
  await second.getByLabel('Password', { exact: true }).fill(password)
  await second.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectHeading(second, 'One more step')
  await second.getByLabel('Code', { exact: true }).fill('000000')
  await second.getByRole('button', { name: 'Sign in' }).click()
  await second.getByText('let the clock of your phone be set').waitFor()
  expect(await axeViolations(second)).toEqual([])
  await second.reload()
  const field = second.getByLabel('Code', { exact: true })
  expect(await field.getAttribute('autocomplete')).toBe('one-time-code')
  expect(await field.getAttribute('inputmode')).toBe('numeric')
  await field.fill(codeNow(secret).replace(/^.../, '$& '))
  await second.getByRole('button', { name: 'Sign in' }).click()
  await second.waitForURL('**/account')
  await second.goto('/sign-in/second-factor')
  await expectHeading(second, 'This sign-in took too long')
  expect(await axeViolations(second)).toEqual([])
  await second.context().close()

  // The phone is lost.
  const third = await app.stranger()
  await signInWithPassword(third, { email, password })
  await third.getByRole('button', { name: 'Use a recovery code' }).click()
  await third.getByLabel('Recovery code').fill((codes[0] ?? '').toLowerCase())
  expect(await axeViolations(third)).toEqual([])
  await third.getByRole('button', { name: 'Sign in' }).click()
  await third.waitForURL('**/jobs')
  await open(third)
  await third.getByText('9 recovery codes are left').waitFor()
  await third.context().close()

  // A while later the old session makes new codes: one dialog, and it goes on by itself.
  quarterOfAnHourLater()
  nextCode()
  await page.getByRole('button', { name: 'Make new recovery codes' }).click()
  const proof = page.getByRole('alertdialog', { name: 'Confirm that it is you' })
  await proof.getByLabel('Code of your app').fill('000000')
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await proof.getByText('This code is not right').waitFor()
  expect(await axeViolations(page)).toEqual([])
  await proof.getByLabel('Code of your app').fill(codeNow(secret))
  await proof.getByRole('button', { name: 'Confirm' }).click()
  const renewed = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await renewed.first().waitFor()
  expect(await renewed.allTextContents()).not.toContain(codes[1])
  await page.getByLabel('I have kept them').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('alertdialog').waitFor({ state: 'detached' })
  await page.getByText('10 recovery codes are left').waitFor()

  nextCode()
  await page.getByRole('button', { name: 'Switch off' }).click()
  const off = page.getByRole('alertdialog', { name: 'Switch off two-step sign-in?' })
  await off.getByLabel(/^Code of your app/).fill('000000')
  await off.getByRole('button', { name: 'Switch off' }).click()
  await off.getByText('This code is not right').waitFor()
  expect(await axeViolations(page)).toEqual([])
  await off.getByLabel(/^Code of your app/).fill(codeNow(secret))
  await off.getByRole('button', { name: 'Switch off' }).click()
  await page.getByRole('button', { name: 'Switch on' }).waitFor()
  await page.context().close()
})

it('a person without a password confirms by a mailed code; who cancels is told that nothing was changed', async () => {
  const page = await app.administrator()
  await open(page)
  quarterOfAnHourLater()
  const begin = page.getByRole('button', { name: 'Switch on' })
  await begin.click()
  const proof = page.getByRole('alertdialog', { name: 'Confirm that it is you' })
  await proof.getByRole('button', { name: 'Mail me a code' }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByText('Nothing was changed').first().waitFor()
  await proof.waitFor({ state: 'detached' })
  expect(await page.getByRole('alertdialog').count()).toBe(0)

  await begin.click()
  await proof.getByRole('button', { name: 'Mail me a code' }).click()
  await proof.getByLabel('Code of the mail').fill(await newestCode())
  await proof.getByRole('button', { name: 'Confirm' }).click()
  const setup = page.getByRole('alertdialog', { name: 'Switch on two-step sign-in' })
  await setup.waitFor()

  // The proof grows old while the app is being set up: the question lies above, and what was begun stays.
  quarterOfAnHourLater()
  const secret = (await setup.locator('pre').textContent()) ?? ''
  await setup.getByLabel('Code of your app').fill(codeNow(secret))
  await setup.getByRole('button', { name: 'Switch on' }).click()
  await proof.waitFor()
  await page.keyboard.press('Escape')
  await proof.waitFor({ state: 'detached' })
  expect(await setup.getByLabel('Code of your app').inputValue()).toBe(codeNow(secret))
  await page.context().close()
})

it('works with the keyboard alone', async () => {
  const email = 'kim@example.com'
  await register(email)
  const page = await app.stranger({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await signInWithPassword(page, { email, password })
  await page.waitForURL('**/jobs')
  await open(page)
  quarterOfAnHourLater()
  await page.getByRole('button', { name: 'Switch on' }).focus()
  await page.keyboard.press('Enter')
  const proof = page.getByRole('alertdialog', { name: 'Confirm that it is you' })
  const passwordField = proof.getByLabel('Your password')
  await passwordField.waitFor()
  await tabTo(page, passwordField)
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  const setup = page.getByRole('alertdialog', { name: 'Switch on two-step sign-in' })
  const secret = (await setup.locator('pre').textContent()) ?? ''
  const codeField = setup.getByLabel('Code of your app')
  await tabTo(page, codeField)
  await page.keyboard.type(codeNow(secret))
  await page.keyboard.press('Enter')
  const kept = page.getByLabel('I have kept them')
  await kept.waitFor()
  expect(await axeViolations(page)).toEqual([])
  await tabTo(page, kept)
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await on(page).waitFor()
  await page.context().clearCookies()

  nextCode()
  await signInWithPassword(page, { email, password })
  await expectHeading(page, 'One more step')
  const second = page.getByLabel('Code', { exact: true })
  await second.waitFor()
  await tabTo(page, second)
  await page.keyboard.type(codeNow(secret))
  await page.keyboard.press('Enter')
  await page.waitForURL('**/jobs')
  await page.context().close()
})

async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let i = 0; i < 30; i++) {
    if ((await control.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error('The keyboard does not lead there.')
}
