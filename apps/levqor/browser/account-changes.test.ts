// What changes about an account: its address, its end, and an operator who acts for its person – in a real browser.
import { axeViolations, type Page, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { mailedLink, makeAccount, signInWithPassword } from './people.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_REGISTRATION: 'open' })
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const password = 'correct horse battery staple'
const looks = [{ colorScheme: 'light' }, { colorScheme: 'dark' }] as const

/** Registers, confirms and signs in; the page stands at the jobs. */
async function arrive(page: Page, email: string, name: string): Promise<void> {
  await makeAccount(app.levqor, { email, password, name })
  await signInWithPassword(page, { email, password })
  await page.waitForURL('**/jobs')
}

/** In light and dark. */
async function expectAccessible(page: Page): Promise<void> {
  for (const look of looks) {
    await page.emulateMedia(look)
    expect(await axeViolations(page), look.colorScheme).toEqual([])
  }
}

async function askForAddress(page: Page, email: string): Promise<void> {
  await page.goto('/account')
  await page.getByLabel('New address').fill(email)
  await page.getByRole('button', { name: 'Change the address' }).click()
  await page.getByText(`Waiting for both mailboxes to change it to ${email}`).waitFor()
}

/** The old mailbox gets one mail for each change; which one it is, the mail says. */
async function linkToLeave(wanted: string): Promise<string> {
  let link = ''
  await until(
    async () => {
      const { items } = (await app.levqor.request('GET', '/ops/outbox')).body
      for (const { id, subject } of items) {
        if (!/^Confirm that you leave/.test(subject)) continue
        const { text } = (await app.levqor.request('GET', `/ops/outbox/${id}`)).body
        if (text.includes(wanted)) link = /confirm-email#token=[\w-]+/.exec(text)?.[0] ?? ''
      }
      return link !== ''
    },
    { what: 'the mail to the old mailbox' },
  )
  return `/${link}`
}

describe('a person', () => {
  it('says their name, language and currency', async () => {
    const page = await app.stranger()
    await arrive(page, 'profile@example.com', 'Pia')
    await page.goto('/account')
    await page.getByLabel(/^Language/).fill('no such language')
    await page.getByRole('button', { name: 'Save the profile' }).click()
    await page.getByText('expected a language tag').waitFor()
    await expectAccessible(page)
    await page.getByLabel(/^Language/).fill('SV-se')
    await page.getByLabel(/^Currency/).fill('sek')
    await page.getByRole('button', { name: 'Save the profile' }).click()
    await page.getByText('Saved').first().waitFor()
    expect(await page.getByLabel(/^Language/).inputValue()).toBe('sv-SE')
    await page.context().close()
  })

  it('changes the address through both mails, with each way in which a link does not hold on a page of its own', async () => {
    const page = await app.stranger()
    await arrive(page, 'ada@example.com', 'Ada')
    await askForAddress(page, 'ada@withdrawn.example.com')
    await expectAccessible(page)
    const withdrawn = await mailedLink(app.levqor, /^Confirm this address/, 'ada@withdrawn.example.com')
    await page.getByRole('button', { name: 'Keep my address' }).click()
    await page.getByLabel('New address').waitFor()
    await page.goto(withdrawn)
    await expectHeading(page, 'This was withdrawn')
    await expectAccessible(page)

    await askForAddress(page, 'ada@new.example.com')
    const toNew = await mailedLink(app.levqor, /^Confirm this address/, 'ada@new.example.com')
    const toOld = await linkToLeave('ada@new.example.com')
    // The mails are read in another browser, where nobody is signed in.
    const reader = await app.stranger()
    await reader.goto(toNew)
    await expectHeading(reader, 'Change your address?')
    // A stranger's mailbox, by a slip of the finger, is not told whose account it is.
    await reader.getByText('This is the new address: an account is to have ada@new.example.com').waitFor()
    expect(await reader.getByText('ada@example.com').count()).toBe(0)
    await expectAccessible(reader)
    await page.reload()
    await page.getByText('ada@new.example.com: not confirmed yet').waitFor()
    expect(await page.getByText('not confirmed yet').count()).toBe(2)
    await reader.getByRole('button', { name: 'Use this address' }).click()
    await expectHeading(reader, 'One mailbox to go')
    await page.reload()
    await page.getByText('ada@new.example.com: confirmed').waitFor()
    await reader.goto(toOld)
    await reader.getByText('This is the old address, ada@example.com.').waitFor()
    await expectAccessible(reader)
    await reader.getByRole('button', { name: 'Leave this address' }).click()
    await expectHeading(reader, 'Your address is changed')
    await expectAccessible(reader)
    await reader.goto('/sign-in')
    await reader.goto(toOld)
    await expectHeading(reader, 'This link has been used')
    await reader.goto(`/confirm-email#token=${'x'.repeat(43)}`)
    await expectHeading(reader, 'This link is not valid')

    await page.reload()
    await page.getByText('You sign in with ada@new.example.com').waitFor()
    await signInWithPassword(reader, { email: 'ada@example.com', password })
    await reader.getByRole('alert').waitFor()
    await signInWithPassword(reader, { email: 'ada@new.example.com', password })
    await reader.waitForURL('**/jobs')
    await reader.context().close()
    await page.context().close()
  })

  it('who did not ask for another address stops it from the old mailbox, and the thief is out', async () => {
    const page = await app.stranger()
    await arrive(page, 'eve@example.com', 'Eve')
    await askForAddress(page, 'eve@thief.example.com')
    const toOld = await linkToLeave('eve@thief.example.com')
    const reader = await app.stranger()
    await reader.goto(`${toOld}&stop=1`)
    await expectHeading(reader, 'Stop the change?')
    await expectAccessible(reader)
    await reader.getByRole('button', { name: 'This was not me: stop it' }).click()
    await reader.getByText('all sessions of your account were ended').waitFor()
    await expectAccessible(reader)
    await page.goto('/jobs')
    await page.waitForURL('**/sign-in**')
    await reader.context().close()
    await page.context().close()
  })

  it('asks for the account to be deleted by typing its address, sees it on every page, and keeps it', async () => {
    const page = await app.stranger()
    await arrive(page, 'dan@example.com', 'Dan')
    await page.goto('/account')
    await page.getByRole('button', { name: 'Delete my account' }).click()
    const dialog = page.getByRole('alertdialog')
    const confirm = dialog.getByRole('button', { name: 'Delete it in 30 days' })
    expect(await confirm.isDisabled()).toBe(true)
    await dialog.getByLabel(/^Type dan@example\.com/).fill('dan@example.org')
    expect(await confirm.isDisabled()).toBe(true)
    await dialog.getByLabel(/^Type dan@example\.com/).fill('Dan@example.com')
    await expectAccessible(page)
    await confirm.click()
    await page.getByText('This account will be deleted').waitFor()
    await expectAccessible(page)
    // Signing in still works, and says so first thing.
    const again = await app.stranger()
    await signInWithPassword(again, { email: 'dan@example.com', password })
    await again.waitForURL('**/jobs')
    await again.getByText('This account will be deleted').waitFor()
    await again.getByRole('button', { name: 'Keep my account' }).click()
    await again.getByText('Your account stays').first().waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Delete my account' }).waitFor()
    expect(await page.getByText('This account will be deleted').count()).toBe(0)
    await again.context().close()
    await page.context().close()
  })
})

describe('an operator', () => {
  async function actAs(page: Page, email: string): Promise<void> {
    await page.goto('/users')
    await page.getByLabel('Part of an address').fill(email)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('button', { name: `Act as ${email}` }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('short')
    await dialog.getByRole('button', { name: 'Act as them' }).click()
    await dialog
      .getByText(/10 characters|Too small/)
      .last()
      .waitFor()
    await expectAccessible(page)
    await dialog.getByLabel('Reason').fill('Her jobs do not run, she asked.')
    await dialog.getByRole('button', { name: 'Act as them' }).click()
    await page.waitForURL('**/jobs')
    await page.getByText('You act as Bea').waitFor()
  }

  it('acts for somebody under a banner on every page, stops, and is themselves again; the person sees it', async () => {
    const person = await app.stranger()
    await arrive(person, 'bea@example.com', 'Bea')
    const page = await app.administrator()
    await actAs(page, 'bea@example.com')
    for (const path of ['/jobs', '/workflows', '/api-keys', '/members', '/account', '/queue']) {
      await page.goto(path)
      await page.getByRole('status').getByText('You act as Bea').waitFor()
      await page.getByText(/1[45]:\d\d left/).waitFor()
    }
    // Also when the page is scrolled to its end, and on a narrow screen.
    await page.goto('/account')
    await page.getByRole('button', { name: 'Delete my account' }).scrollIntoViewIfNeeded()
    const banner = page.getByText('You act as Bea')
    expect((await banner.boundingBox())?.y).toBeLessThan(64)
    await expectAccessible(page)
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await page.getByRole('button', { name: 'Stop' }).isVisible()).toBe(true)
    await expectAccessible(page)
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.getByText('Only Bea can change this account').waitFor()
    for (const name of ['Save the profile', 'Change the address', 'Switch on', 'Delete my account']) {
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true)
    }

    await person.goto('/account')
    await person.getByText('Her jobs do not run, she asked.').waitFor()
    await person.getByText('goes on').waitFor()
    await expectAccessible(person)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.waitForURL('**/users')
    await expectHeading(page, 'Users')
    expect(await page.getByText('You act as').count()).toBe(0)
    await expectAccessible(page)
    await person.reload()
    await person.getByText(/^ended /).waitFor()
    await page.context().close()
    await person.context().close()
  })

  it('is told when the time is over, and goes on as themselves by a press', async () => {
    const page = await app.administrator()
    await page.clock.install()
    await actAs(page, 'bea@example.com')
    await page.clock.fastForward('15:01')
    await page.waitForURL('**/acting-ended')
    await expectHeading(page, 'You act for nobody any more')
    await page.getByText('act as Bea').waitFor()
    await page.clock.resume()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Go on as yourself' }).click()
    await page.waitForURL('**/users')
    await expectHeading(page, 'Users')
    await page.context().close()
  })

  it('is told the same when the person ends it', async () => {
    const person = await app.stranger()
    await signInWithPassword(person, { email: 'bea@example.com', password })
    await person.waitForURL('**/jobs')
    const page = await app.administrator()
    await actAs(page, 'bea@example.com')
    await person.goto('/account')
    const visit = person
      .getByRole('list', { name: 'Sessions' })
      .getByRole('listitem')
      .filter({ hasText: 'by an operator' })
    await visit.getByRole('button', { name: /^End/ }).click()
    await person
      .getByText(/^Signed out/)
      .first()
      .waitFor()
    await page.goto('/workflows')
    await page.waitForURL('**/acting-ended')
    await page.getByRole('button', { name: 'Go on as yourself' }).click()
    await page.waitForURL('**/users')
    await page.context().close()
    await person.context().close()
  })

  it('closes an account and opens it again', async () => {
    const page = await app.administrator()
    await page.goto('/users')
    await page.getByRole('button', { name: 'Close bea@example.com' }).click()
    await expectAccessible(page)
    await page.getByRole('alertdialog').getByRole('button', { name: 'Close the account' }).click()
    await page.getByText('bea@example.com is closed').first().waitFor()
    await expectAccessible(page)
    const person = await app.stranger()
    await signInWithPassword(person, { email: 'bea@example.com', password })
    await person.getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Open bea@example.com' }).click()
    await page.getByText('bea@example.com can sign in again').first().waitFor()
    await signInWithPassword(person, { email: 'bea@example.com', password })
    await person.waitForURL('**/jobs')
    await page.getByLabel('Part of an address').fill('nobody at all')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByText('No account with such an address').waitFor()
    await page.context().close()
    await person.context().close()
  })
})
