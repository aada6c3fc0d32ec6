// Signing in at a provider, from the first visit to the last unlink, in a real browser at a real provider.
import {
  axeViolations,
  freePort,
  type OidcPerson,
  type Page,
  startOidcProvider,
  type TestOidcProvider,
} from '@levqor/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { mailedLink, signInWithPassword } from './people.ts'

let app: Console
let provider: TestOidcProvider
beforeAll(async () => {
  const port = await freePort()
  // The redirect address must be the very one that the browser is on.
  const url = `http://127.0.0.1:${port}`
  provider = await startOidcProvider({ redirectUris: [`${url}/api/auth/oauth/oidc/callback`] })
  app = await openConsole({
    PORT: String(port),
    LEVQOR_URL: url,
    LEVQOR_REGISTRATION: 'open',
    LEVQOR_OIDC_ISSUER: provider.url,
    LEVQOR_OIDC_CLIENT_ID: provider.clientId,
    LEVQOR_OIDC_CLIENT_SECRET: provider.clientSecret,
    LEVQOR_OIDC_NAME: 'Example ID',
  })
}, 120_000)
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await provider?.close()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const ada: OidcPerson = { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada' }
const bob = { email: 'bob@example.com', password: 'correct horse battery staple' }

async function continueAtProvider(page: Page, person: OidcPerson | 'declines'): Promise<void> {
  provider.logsIn(person)
  await page.getByRole('button', { name: 'Continue with Example ID' }).click()
}

async function register(page: Page): Promise<void> {
  await page.goto('/register')
  await page.getByLabel('E-mail address').fill(bob.email)
  await page.getByLabel('Password', { exact: true }).fill(bob.password)
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByRole('status').getByText(bob.email).waitFor()
  await page.goto(await mailedLink(app.levqor, /^Confirm your address/, bob.email))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expectHeading(page, 'Your account is ready')
}

it('somebody makes an account at a provider, signs out, and comes back to where they wanted to be', async () => {
  const page = await app.stranger()
  await page.goto('/register')
  await page.getByRole('button', { name: 'Continue with Example ID' }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  await continueAtProvider(page, ada)
  await page.waitForURL('**/jobs')
  await page.getByText('Workspace of Ada').first().waitFor()

  await page.getByRole('button', { name: /Workspace of Ada/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in**')
  await page.goto('/queue')
  await page.waitForURL('**/sign-in?next=**')
  await continueAtProvider(page, ada)
  await page.waitForURL('**/queue')
  await page.context().close()
}, 60_000)

it('an account that exists is opened by nobody who has its address; its owner links the provider, and unlinks it', async () => {
  const page = await app.stranger()
  await register(page)
  const atProvider: OidcPerson = { sub: 'bob', email: bob.email, email_verified: true }
  await page.goto('/sign-in')
  await continueAtProvider(page, atProvider)
  await page.waitForURL('**/sign-in?problem=provider_account_exists')
  await page.getByRole('alert').getByText('then link the provider under Account').waitFor()
  await page.getByRole('button', { name: 'Continue with Example ID' }).waitFor()
  expect(await axeViolations(page)).toEqual([])

  await signInWithPassword(page, bob)
  await page.waitForURL('**/jobs')
  await page.goto('/account')
  await page.getByText('No provider signs you in yet').waitFor()
  await page.getByRole('button', { name: 'Link Example ID' }).click()
  await page.waitForURL('**/account?linked=oidc')
  await page.getByRole('status').getByText('Linked').waitFor()
  const linked = page.getByRole('list', { name: 'Linked providers' }).getByRole('listitem')
  await linked.getByText(bob.email).waitFor()
  expect(await axeViolations(page)).toEqual([])

  const other = await app.stranger()
  await other.goto('/sign-in')
  await continueAtProvider(other, atProvider)
  await other.waitForURL('**/jobs')
  await other.context().close()

  await page.reload()
  await page.getByRole('button', { name: /^Unlink Example ID/ }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText('signs you in no more').waitFor()
  expect(await axeViolations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Unlink' }).click()
  await page.getByText('No provider signs you in yet').waitFor()
  await page.waitForURL('**/account')
  await page.context().close()
}, 60_000)

it('somebody who cancels, and whoever comes with a made-up answer, is told so on a page', async () => {
  const page = await app.stranger()
  await page.goto('/sign-in')
  await continueAtProvider(page, 'declines')
  await page.waitForURL('**/sign-in?problem=provider_declined')
  await page.getByRole('alert').getByText('You cancelled').waitFor()
  await page.goto('/api/auth/oauth/oidc/callback?state=x&code=y')
  await page.getByRole('alert').getByText('not known here').waitFor()
  await page.goto('/sign-in?problem=%3Cb%3Eevil%3C/b%3E')
  await page.getByRole('alert').getByText('That did not work').waitFor()
  expect(await page.getByText('evil').count()).toBe(0)
  await page.context().close()
}, 60_000)
