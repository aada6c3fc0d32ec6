// What an operator reads in the outbox where no mail server is set: every mail that somebody was sent, in words, and the way
// that each of its links leads.
import { type Page, until } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Console, openConsole } from './open-console.ts'
import { makeAccount, signInWithPassword } from './people.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_REGISTRATION: 'open' })
  await causeAll()
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const ada = { email: 'ada@example.com', password: 'correct horse battery staple', name: 'Ada' }

interface Kind {
  readonly subject: RegExp
  readonly says: RegExp
  readonly to?: string
  /** Where its link leads, and what is to be done there. */
  readonly link?: { readonly path: string; readonly token: boolean; readonly offers: string }
}

const kinds: readonly Kind[] = [
  {
    subject: /^Confirm your address/,
    says: /Your account exists from then on/,
    link: { path: '/verify', token: true, offers: 'Confirm' },
  },
  {
    subject: /^You have an account at Levqor already/,
    says: /Nothing was changed/,
    link: { path: '/sign-in', token: false, offers: 'Mail me a link' },
  },
  {
    subject: /^Sign in to Levqor/,
    says: /\b\d{3} ?\d{3}\b/,
    link: { path: '/sign-in/link', token: true, offers: 'Sign in' },
  },
  {
    subject: /^Choose a new password/,
    says: /ends all sessions of this account/,
    link: { path: '/reset-password', token: true, offers: 'Change the password' },
  },
  {
    subject: /^Invitation/,
    says: /First workspace/,
    link: { path: '/invitation', token: true, offers: 'Accept' },
  },
  {
    subject: /^Confirm this address/,
    to: 'ada@new.example.com',
    says: /ada@new\.example\.com/,
    link: { path: '/confirm-email', token: true, offers: 'Use this address' },
  },
  {
    subject: /^Confirm that you leave/,
    says: /ada@new\.example\.com/,
    link: { path: '/confirm-email', token: true, offers: 'Leave this address' },
  },
  { subject: /^Your password .* was changed/, says: /All other sessions were ended/ },
]

/** Causes every kind, each once. */
async function causeAll(): Promise<void> {
  const ask = (path: string, body: object) =>
    app.levqor.request('POST', `/api/auth/${path}`, { key: null, body })
  await makeAccount(app.levqor, ada)
  await ask('register', ada)
  await ask('magic-link', { email: ada.email })
  await ask('forgot-password', { email: ada.email })
  const owner = await app.administrator()
  await owner.goto('/members')
  await owner.getByLabel('E-mail address').fill(ada.email)
  await owner.getByRole('button', { name: 'Invite' }).click()
  await owner.getByRole('list', { name: 'Invitations' }).getByText(ada.email).waitFor()
  await owner.context().close()

  const page = await app.stranger()
  await signInWithPassword(page, ada)
  await page.waitForURL('**/jobs')
  await page.goto('/account')
  await page.getByLabel('New address').fill('ada@new.example.com')
  await page.getByRole('button', { name: 'Change the address' }).click()
  await page.getByText('Waiting for both mailboxes').waitFor()
  const changed = await page.request.post('/api/auth/password', {
    headers: { origin: app.levqor.url },
    data: { current: ada.password, password: `another ${ada.password}` },
  })
  expect(changed.status()).toBe(200)
  await page.context().close()
  const subjects = async (): Promise<string[]> =>
    (await app.levqor.request('GET', '/ops/outbox')).body.items.map(
      ({ subject }: { subject: string }) => subject,
    )
  await until(
    async () => {
      const sent = await subjects()
      return kinds.every(({ subject }) => sent.some((one) => subject.test(one)))
    },
    { what: 'all mails', timeoutMs: 15_000 },
  )
}

async function openMail(page: Page, { subject, to = ada.email }: Kind) {
  await page.goto('/outbox')
  const row = page.getByRole('list', { name: 'Mail' }).getByRole('button', { name: subject })
  await row
    .filter({ hasText: `to ${to}` })
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: subject })
  await dialog.getByText(to, { exact: true }).waitFor()
  return dialog
}

it('every mail that somebody was sent is read in words, and each link leads where something can be done', async () => {
  const page = await app.administrator()
  for (const kind of kinds) {
    const { says, link } = kind
    const dialog = await openMail(page, kind)
    await dialog.getByText(says).first().waitFor()
    const links = dialog.getByRole('link')
    if (link === undefined) {
      expect(await links.count(), String(kind.subject)).toBe(0)
      continue
    }
    const { pathname, hash } = new URL((await links.first().getAttribute('href')) ?? 'http://none/')
    expect([pathname, /^#token=[\w-]{43}/.test(hash)]).toEqual([link.path, link.token])
    // Whoever reads it here is signed in; whoever it was written to opens it in a browser of their own.
    const reader = await app.stranger()
    await reader.goto(pathname + hash)
    await reader.getByRole('button', { name: link.offers }).first().waitFor()
    await reader.context().close()
  }
  await page.context().close()
})

it('a link is followed by a press in the mail itself', async () => {
  const page = await app.administrator()
  const kind = kinds.find(({ link }) => link?.path === '/invitation')
  if (!kind) throw new Error('No mail invites.')
  const dialog = await openMail(page, kind)
  await dialog.getByRole('link').first().click()
  await page.waitForURL(/\/invitation#token=/)
  await page.getByText('First workspace').waitFor()
  await page.context().close()
})
