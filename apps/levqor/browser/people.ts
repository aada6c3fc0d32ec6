// What people do in several journeys: read their mail, make an account, sign in with a password.
import { type Page, until } from '@levqor/testing'
import { expect } from 'vitest'
import type { TestInstallation } from '../test/start-levqor.ts'

/** Path and fragment of the link in the newest mail of a subject to an address, once it is there. */
export async function mailedLink(
  { request }: Pick<TestInstallation, 'request'>,
  subject: RegExp,
  to: string,
): Promise<string> {
  let link = ''
  await until(
    async () => {
      const { items } = (await request('GET', '/ops/outbox')).body
      const mail = items.find(
        (item: { subject: string; to: string }) => subject.test(item.subject) && item.to === to,
      )
      if (!mail) return false
      const { text } = (await request('GET', `/ops/outbox/${mail.id}`)).body
      const url = new URL(/https?:\S+/.exec(text)?.[0] ?? 'http://nowhere/')
      link = `${url.pathname}${url.hash}`
      return url.hash !== ''
    },
    { what: `a mail ${subject} to ${to}` },
  )
  return link
}

/** An account with a password whose address is confirmed. Registration must be open. */
export async function makeAccount(
  { request }: Pick<TestInstallation, 'request'>,
  person: { readonly email: string; readonly password: string; readonly name?: string },
): Promise<void> {
  expect((await request('POST', '/api/auth/register', { key: null, body: person })).status).toBe(202)
  const link = await mailedLink({ request }, /^Confirm your address/, person.email)
  const body = { token: link.split('#token=')[1], password: person.password }
  expect((await request('POST', '/api/auth/verify-email', { key: null, body })).status).toBe(200)
}

/** Fills the form and presses the button; where that leads is the caller's to see. */
export async function signInWithPassword(
  page: Page,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Sign in with a password' }).click()
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
