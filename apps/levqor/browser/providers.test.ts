// Signing in at a provider, from the first visit to the last unlink, in a real browser at real providers: one of the
// installation's own, and one each in the shape of Google and of Microsoft.
import { fileURLToPath } from 'node:url'
import {
  axeViolations,
  freePort,
  type OidcPerson,
  type Page,
  startOidcProvider,
  type TestOidcProvider,
} from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { mailedLink, signInWithPassword } from './people.ts'

let app: Console
let provider: TestOidcProvider
let google: TestOidcProvider
let microsoft: TestOidcProvider
beforeAll(async () => {
  const port = await freePort()
  // The redirect address must be the very one that the browser is on.
  const url = `http://127.0.0.1:${port}`
  const redirectUris = (id: string) => [`${url}/api/auth/oauth/${id}/callback`]
  provider = await startOidcProvider({ redirectUris: redirectUris('oidc') })
  google = await startOidcProvider({ redirectUris: redirectUris('google') })
  microsoft = await startOidcProvider({ redirectUris: redirectUris('microsoft'), shape: 'microsoft' })
  const env = {
    PORT: String(port),
    LEVQOR_URL: url,
    LEVQOR_REGISTRATION: 'open',
    LEVQOR_OIDC_ISSUER: provider.url,
    LEVQOR_OIDC_CLIENT_ID: provider.clientId,
    LEVQOR_OIDC_CLIENT_SECRET: provider.clientSecret,
    LEVQOR_OIDC_NAME: 'Example ID',
    LEVQOR_GOOGLE_CLIENT_ID: google.clientId,
    LEVQOR_GOOGLE_CLIENT_SECRET: google.clientSecret,
    GOOGLE_FOR_TESTS: google.url,
    LEVQOR_MICROSOFT_CLIENT_ID: microsoft.clientId,
    LEVQOR_MICROSOFT_CLIENT_SECRET: microsoft.clientSecret,
    // Whoever has an account at Microsoft, of whichever directory: only the token says of which.
    LEVQOR_MICROSOFT_TENANT: 'common',
    MICROSOFT_FOR_TESTS: microsoft.url,
  }
  app = await openConsole(env, fileURLToPath(new URL('./main-with-providers.ts', import.meta.url)))
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await Promise.all([provider, google, microsoft].map((each) => each?.close()))
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
})

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
})

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
})

describe.each([
  {
    name: 'Google',
    at: () => google,
    person: (): OidcPerson => ({ sub: 'gil', email: 'Gil@Example.com', email_verified: true, name: 'Gil' }),
  },
  {
    name: 'Microsoft',
    at: () => microsoft,
    // Its tokens name the directory and know no `email_verified`; of an address it has checked it says so in its own way.
    person: (): OidcPerson => ({
      sub: 'mia',
      email: 'Mia@Example.com',
      name: 'Mia',
      tid: microsoft.tenant,
      xms_edov: true,
    }),
  },
])('$name', ({ name, at, person }) => {
  async function goOn(page: Page): Promise<void> {
    at().logsIn(person())
    await page.getByRole('button', { name: `Continue with ${name}` }).click()
  }

  it('makes an account with the name and address from there, and signs in the same person again', async () => {
    const page = await app.stranger()
    await page.goto('/register')
    await goOn(page)
    await page.waitForURL('**/jobs')
    const { name: called = '', email = '' } = person()
    await page.getByText(`Workspace of ${called}`).first().waitFor()
    await page.goto('/account')
    await page.getByText(`You sign in with ${email.toLowerCase()}`).waitFor()
    const linked = page.getByRole('list', { name: 'Linked providers' }).getByRole('listitem')
    await linked.getByText(name, { exact: true }).waitFor()
    await page.getByRole('list', { name: 'Sessions' }).getByText(`signed in with ${name}`).waitFor()
    expect(at().hits.some((path) => path.endsWith('/token'))).toBe(true)
    await page.context().close()

    const another = await app.stranger()
    await another.goto('/workflows')
    await another.waitForURL('**/sign-in?next=%2Fworkflows')
    await goOn(another)
    await another.waitForURL('**/workflows')
    await another.goto('/account')
    const sessions = another.getByRole('list', { name: 'Sessions' })
    await sessions.getByText(`signed in with ${name}`).nth(1).waitFor()
    await another.context().close()
  })
})

it('an address that a directory of Microsoft has not checked opens no account and makes none, and a page says why', async () => {
  const page = await app.stranger()
  const stranger = { sub: 'ned', email: 'gil@example.com', name: 'Gil', tid: microsoft.tenant }
  for (const person of [stranger, { ...stranger, email_verified: true }]) {
    microsoft.logsIn(person)
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Continue with Microsoft' }).click()
    await page.waitForURL('**/sign-in?problem=provider_email_unverified')
    await page.getByRole('alert').getByText('Your address is not confirmed there').waitFor()
  }
  expect(await axeViolations(page)).toEqual([])
  await page.goto('/jobs')
  await page.waitForURL('**/sign-in**')
  await page.context().close()
})
