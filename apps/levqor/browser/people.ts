// What people do in several journeys: read their mail, sign in with a password.
import { type Page, until } from '@levqor/testing'
import type { TestInstallation } from '../test/start-levqor.ts'

/** Path and fragment of the link in the newest mail of a subject to an address, once it is there. */
export async function mailedLink(levqor: TestInstallation, subject: RegExp, to: string): Promise<string> {
  let link = ''
  await until(
    async () => {
      const { items } = (await levqor.request('GET', '/ops/outbox')).body
      const mail = items.find(
        (item: { subject: string; to: string }) => subject.test(item.subject) && item.to === to,
      )
      if (!mail) return false
      const { text } = (await levqor.request('GET', `/ops/outbox/${mail.id}`)).body
      const url = new URL(/https?:\S+/.exec(text)?.[0] ?? 'http://nowhere/')
      link = `${url.pathname}${url.hash}`
      return url.hash !== ''
    },
    { what: `a mail ${subject} to ${to}` },
  )
  return link
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
