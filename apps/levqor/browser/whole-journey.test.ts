// One person's whole way through identity, from an empty database, in a real browser: every way in, every second step, a
// lost phone, a stolen session and a forgotten password. And mailed links in every state that they can be met in.
import {
  freePort,
  type Page,
  startOidcProvider,
  type TestOidcProvider,
  totpCode,
  until,
} from '@levqor/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { asIf } from './as-if.ts'
import { plugIn } from './authenticator.ts'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { mailedLink, makeAccount } from './people.ts'

/** The published bound on revocation, and what a person may have to wait for besides: one reconnect and one page. */
const boundMs = 1_000
const seenWithinMs = 5_000

let app: Console
let provider: TestOidcProvider
let url: string
beforeAll(async () => {
  const port = await freePort()
  // Under its name: an IP address is no place for passkeys.
  url = `http://localhost:${port}`
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
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await provider?.close()
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const open = () => app.stranger({ baseURL: url })

async function givePassword(page: Page, person: { email: string; password: string }): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with a password' }).click()
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function askForLink(page: Page, email: string): Promise<string> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByRole('button', { name: 'Mail me a link' }).click()
  await page.getByRole('status').getByText('link is on its way').waitFor()
  return mailedLink(app.levqor, /^Sign in/, email)
}

const password = 'correct horse battery staple'

async function leave(page: Page): Promise<void> {
  await page.context().clearCookies()
}

it('one person, from the first mail to a new password', async () => {
  const ada = { email: 'ada@example.com', password }
  const page = await open()

  // Registers on the way to a page, and arrives there at last.
  await page.goto('/queue')
  await page.waitForURL('**/sign-in?next=%2Fqueue')
  await page.getByRole('link', { name: 'I have no account yet' }).click()
  await expectHeading(page, 'Make an account')
  await page.getByLabel('E-mail address').fill(ada.email)
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Make an account' }).dblclick()
  await page.getByRole('status').getByText(ada.email).waitFor()
  await page.goto(await mailedLink(app.levqor, /^Confirm your address/, ada.email))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expectHeading(page, 'Your account is ready')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await expectHeading(page, 'Sign in')
  await givePassword(page, ada)
  await page.waitForURL('**/queue')

  // By a mailed link, which opens in a tab of its own.
  await leave(page)
  await page.goto('/workflows')
  await page.waitForURL('**/sign-in?next=%2Fworkflows')
  const link = await askForLink(page, ada.email)
  const tab = await page.context().newPage()
  await tab.goto(link)
  await tab.getByRole('button', { name: 'Sign in' }).click()
  await tab.waitForURL('**/workflows')
  await tab.close()

  // By a provider, linked by its owner; a first try that is cancelled forgets nothing.
  const atProvider = { sub: 'ada', email: ada.email, email_verified: true }
  await page.goto('/account')
  provider.logsIn(atProvider)
  await page.getByRole('button', { name: 'Link Example ID' }).click()
  await page.getByRole('status').getByText('Linked').waitFor()
  await leave(page)
  await page.goto('/api-keys')
  await page.waitForURL('**/sign-in?next=%2Fapi-keys')
  provider.logsIn('declines')
  await page.getByRole('button', { name: 'Continue with Example ID' }).click()
  await page.waitForURL('**/sign-in?problem=provider_declined&next=%2Fapi-keys')
  await page.getByRole('alert').getByText('You cancelled').waitFor()
  provider.logsIn(atProvider)
  await page.getByRole('button', { name: 'Continue with Example ID' }).click()
  await page.waitForURL('**/api-keys')

  // By a passkey.
  const device = await plugIn(page)
  await page.goto('/account')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem').waitFor()
  await device.recognises(false)
  await leave(page)
  await page.goto('/members')
  await page.waitForURL('**/sign-in?next=%2Fmembers')
  const byPasskey = page.getByRole('button', { name: 'Sign in with a passkey' })
  await byPasskey.click()
  await page.getByRole('alert').getByText('No passkey was used').waitFor()
  // From here on nothing is offered among the suggestions: the button alone signs in.
  await device.recognises(true)
  await byPasskey.click()
  await page.waitForURL('**/members')
  await device.unplug()

  // Two steps: password and code, then without the phone.
  await page.goto('/account')
  await page.getByRole('list', { name: 'Sessions' }).getByText('signed in with a passkey').waitFor()
  await page.getByRole('button', { name: 'Switch on' }).click()
  const secret = (await page.getByRole('alertdialog').locator('pre').textContent()) ?? ''
  await page.getByLabel('Code of your app').fill(totpCode(secret, Date.now()))
  await page.getByRole('alertdialog').getByRole('button', { name: 'Switch on' }).click()
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await codes.first().waitFor()
  const [recoveryCode = ''] = await codes.allTextContents()
  await page.getByLabel('I have kept them').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('10 recovery codes are left').waitFor()

  await leave(page)
  asIf(app.levqor).nextCode()
  await page.goto('/sign-in?next=%2Faccount')
  await givePassword(page, ada)
  await expectHeading(page, 'One more step')
  await page.getByLabel('Code', { exact: true }).fill(totpCode(secret, Date.now()))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/account')
  await page
    .getByRole('list', { name: 'Sessions' })
    .getByText('signed in with a password and a code')
    .waitFor()

  const phoneLost = await open()
  await phoneLost.goto('/sign-in?next=%2Fdead-letters')
  await givePassword(phoneLost, ada)
  await phoneLost.getByRole('button', { name: 'Use a recovery code' }).click()
  await phoneLost.getByLabel('Recovery code').fill(recoveryCode)
  await phoneLost.getByRole('button', { name: 'Sign in' }).click()
  await phoneLost.waitForURL('**/dead-letters')

  // Forgets the password; the link leads back to the way that was begun.
  await leave(page)
  await page.goto('/sign-in?next=%2Fqueue')
  await page.getByRole('button', { name: 'Sign in with a password' }).click()
  await page.getByRole('link', { name: 'I have forgotten my password' }).click()
  await expectHeading(page, 'Forgotten password')
  await page.getByLabel('E-mail address').fill(ada.email)
  await page.getByRole('button', { name: 'Mail me a link' }).click()
  await page.getByRole('status').getByText(ada.email).waitFor()
  await page.goto(await mailedLink(app.levqor, /^Choose a new password/, ada.email))
  const another = 'a completely new passphrase'
  await page.getByLabel('New password').fill(another)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await expectHeading(page, 'Your password is changed')
  await phoneLost.goto('/jobs')
  await phoneLost.waitForURL('**/sign-in**')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await expectHeading(page, 'Sign in')
  await givePassword(page, ada)
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Password', { exact: true }).fill(another)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectHeading(page, 'One more step')
  asIf(app.levqor).nextCode()
  await page.getByLabel('Code', { exact: true }).fill(totpCode(secret, Date.now()))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/queue')
  await phoneLost.context().close()
  await page.context().close()
})

it('a session that is ended elsewhere is out within the bound: its requests, its live stream, and the tab that shows one', async () => {
  const eve = { email: 'eve@example.com', password }
  await makeAccount(app.levqor, eve)
  const signedIn = async () => {
    const page = await open()
    await page.goto('/sign-in')
    await givePassword(page, eve)
    await page.waitForURL('**/jobs')
    return page
  }
  const there = await signedIn()
  const started = await there.request.post('/api/v1/intake', {
    headers: { origin: url },
    data: {
      workflow: 'page-digest',
      payload: { url: 'http://127.0.0.1:9/' },
      // It waits for longer than the test runs, so only the end of the session ends its stream.
      run_at: new Date(Date.now() + 3_600_000).toISOString(),
    },
  })
  const body = await started.json()
  await there.goto(`/jobs/${body.job_id}`)
  await there.getByText('Live', { exact: true }).waitFor()
  const quiet = await there.context().newPage()
  await quiet.goto('/workflows')
  await expectHeading(quiet, 'Workflows')

  const cookie = (await there.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const asThere = { headers: { cookie } }
  const stream = await fetch(`${url}/api/v1/jobs/${body.job_id}/events`, asThere)
  expect(stream.status).toBe(200)
  const drain = async () => {
    for await (const _ of stream.body ?? []);
    return performance.now()
  }
  const cut = drain().catch(() => performance.now())

  // Last of all, so that the other tab has come to rest by then.
  const here = await signedIn()
  await here.goto('/account')
  const sessions = here.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
  const end = sessions.filter({ hasNotText: 'this one' }).getByRole('button', { name: /^End/ })
  await end.waitFor()
  // From before the request leaves, so that what is measured is never shorter than what the server took.
  const endedAt = performance.now()
  await end.click()
  await until(async () => (await fetch(`${url}/api/auth/me`, asThere)).status === 401, {
    what: 'the session to be refused',
    timeoutMs: 10_000,
  })
  const refusedAt = performance.now()
  await there.waitForURL('**/sign-in**')
  const seenAt = performance.now()
  expect(refusedAt - endedAt).toBeLessThan(boundMs)
  expect((await cut) - endedAt).toBeLessThan(boundMs)
  expect(seenAt - endedAt).toBeLessThan(seenWithinMs)

  // One that asks for nothing by itself leaves, too.
  await quiet.waitForURL('**/sign-in**')
  await there.context().close()
  await here.context().close()
})

describe('a mailed link', () => {
  const press = (page: Page) => page.getByRole('button', { name: 'Sign in' }).click()
  const hasSession = async (page: Page) =>
    (await page.context().cookies()).some(({ name }) => name.includes('session'))

  it('is not used up by a scanner that opens it, scripts and all', async () => {
    const email = 'sam@example.com'
    await makeAccount(app.levqor, { email, password })
    const page = await open()
    await page.goto('/sign-in')
    const link = await askForLink(page, email)
    for (const method of ['GET', 'HEAD']) {
      expect((await fetch(url + link, { method })).status).toBe(200)
    }
    const scanner = await open()
    await scanner.goto(link)
    await scanner.getByRole('button', { name: 'Sign in' }).waitFor()
    await scanner.goto('about:blank')
    await scanner.goto(link)
    await scanner.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await hasSession(scanner)).toBe(false)
    await page.goto(link)
    await press(page)
    await page.waitForURL('**/jobs')

    // The second time it opens nothing, in the very browser that it was for.
    await page.context().clearCookies({ name: /session/ })
    await page.goto(link)
    await press(page)
    await expectHeading(page, 'This link has been used')
    expect(await hasSession(page)).toBe(false)
    await scanner.context().close()
    await page.context().close()
  })

  it('in another browser signs in with the code of the same mail, and not with another', async () => {
    const email = 'oda@example.com'
    await makeAccount(app.levqor, { email, password })
    const page = await open()
    await page.goto('/sign-in')
    const link = await askForLink(page, email)
    const code = await codeOfMail(email)
    const other = await open()
    await other.goto(link)
    await press(other)
    await expectHeading(other, 'One more step')
    await other.getByLabel('Code').fill(code === '000000' ? '000001' : '000000')
    await press(other)
    await expect.poll(() => other.getByLabel('Code').getAttribute('aria-invalid')).toBe('true')
    expect(await hasSession(other)).toBe(false)
    await other.getByLabel('Code').fill(code)
    await press(other)
    await other.waitForURL('**/jobs')
    await other.context().close()
    await page.context().close()
  })

  it('says whether it has expired, was changed on the way, or broke; the way to a new one keeps the destination', async () => {
    const email = 'tom@example.com'
    await makeAccount(app.levqor, { email, password })
    const page = await open()
    await page.goto('/sign-in?next=%2Fqueue')
    const link = await askForLink(page, email)
    const last = link.at(-1)
    await page.goto(`${link.slice(0, -1)}${last === 'A' ? 'B' : 'A'}`)
    await press(page)
    await expectHeading(page, 'This link is not valid')
    await page.goto('about:blank')
    await page.goto(link.slice(0, link.indexOf('#') + 12))
    await expectHeading(page, 'This link is incomplete')

    asIf(app.levqor).linksExpired()
    await page.goto('about:blank')
    await page.goto(link)
    await press(page)
    await expectHeading(page, 'This link has expired')
    expect(await hasSession(page)).toBe(false)
    await page.getByRole('link', { name: 'Ask for a new link' }).click()
    await page.waitForURL('**/sign-in?next=%2Fqueue')
    await page.context().close()
  })

  async function codeOfMail(to: string): Promise<string> {
    const { items } = (await app.levqor.request('GET', '/ops/outbox')).body
    const { id } = items.find(
      (item: { subject: string; to: string }) => /^Sign in/.test(item.subject) && item.to === to,
    )
    const { text } = (await app.levqor.request('GET', `/ops/outbox/${id}`)).body
    return /\b\d{6}\b/.exec(text)?.[0] ?? ''
  }
})
