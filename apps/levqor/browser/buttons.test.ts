// Every button of the sign-in pages and the settings that writes something: pressed twice at once it asks the server once,
// a refusal for the sake of limits is counted down on it, and a wish for a fresh proof opens the dialog. The buttons are
// found on the pages; the lists below only say which must be among them.
import type { Locator, Page } from '@levqor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Console, openConsole } from './open-console.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_REGISTRATION: 'open' })
  const key = await app.levqor.request('POST', '/api/v1/users/upsert', {
    body: { email: 'bea@example.com', name: 'Bea' },
  })
  expect(key.status).toBe(201)
}, 120_000)
afterAll(() => app?.[Symbol.asyncDispose]())

interface Place {
  readonly path: string
  readonly signedIn?: true
  /** Done first, after each opening of the page. */
  readonly prepare?: (page: Page) => Promise<void>
  /** Where its buttons are; default everywhere on it. */
  readonly within?: string
  /** What the server would say to its questions. */
  readonly answers?: Readonly<Record<string, unknown>>
  /** What is different about the person who looks. */
  readonly me?: Readonly<Record<string, unknown>>
  readonly buttons: readonly string[]
}

const token = 'x'.repeat(43)
const soon = new Date(Date.now() + 3_600_000).toISOString()
const before = new Date(Date.now() - 3_600_000).toISOString()
const idOf = (prefix: string) => `${prefix}_${'0'.repeat(32)}`

const places: Readonly<Record<string, Place>> = {
  'sign-in': {
    path: '/sign-in',
    answers: { '/api/auth/methods': { providers: [{ id: 'oidc', name: 'Example ID' }] } },
    buttons: ['Mail me a link', 'Sign in with a passkey', 'Continue with Example ID'],
  },
  'sign-in with a password': {
    path: '/sign-in',
    prepare: (page) => page.getByRole('button', { name: 'Sign in with a password' }).click(),
    buttons: ['Sign in', 'Sign in with a passkey'],
  },
  'the second step': {
    path: '/sign-in/second-factor',
    answers: {
      '/api/auth/second-factor/asked': {
        methods: ['totp', 'recovery-code', 'passkey'],
        expires_at: soon,
      },
    },
    buttons: ['Sign in', 'Use a passkey instead'],
  },
  'a mailed link': { path: `/sign-in/link#token=${token}`, buttons: ['Sign in'] },
  registration: { path: '/register', buttons: ['Make an account'] },
  'a new address': { path: `/verify#token=${token}`, buttons: ['Confirm'] },
  'a forgotten password': { path: '/forgot-password', buttons: ['Mail me a link'] },
  'a new password': { path: `/reset-password#token=${token}`, buttons: ['Change the password'] },
  'a change of address': {
    path: `/confirm-email#token=${token}`,
    buttons: ['Confirm the new address', 'This was not me: stop it'],
  },
  'an invitation': {
    path: `/invitation#token=${token}`,
    answers: {
      '/api/v1/workspaces/invitations/look': { workspace: 'First', role: 'member', invited_by: null },
    },
    buttons: ['Accept'],
  },
  'a new account': {
    path: '/account',
    signedIn: true,
    buttons: [
      'Save the profile',
      'Change the address',
      'Switch on',
      'Add a passkey',
      'Delete my account > Delete it in 30 days',
    ],
  },
  'an account with everything': {
    path: '/account',
    signedIn: true,
    me: { has_password: true },
    answers: {
      '/api/auth/methods': { providers: [{ id: 'oidc', name: 'Example ID' }] },
      '/api/auth/identities': {
        items: [
          {
            id: idOf('idn'),
            provider: { id: 'oidc', name: 'Example ID' },
            email: null,
            created_at: before,
            last_used_at: null,
          },
        ],
      },
      '/api/auth/passkeys': {
        items: [{ id: idOf('psk'), name: 'Laptop', synced: true, created_at: before, last_used_at: null }],
        most: 10,
      },
      '/api/auth/second-factor': { enabled_at: before, recovery_codes_left: 10, password_needs_it: false },
      '/api/auth/email': {
        pending: {
          email: 'new@example.com',
          confirmed: { old: false, new: false },
          expires_at: soon,
        },
      },
      '/api/auth/sessions': {
        items: [true, false].map((current) => ({
          id: idOf(current ? 'ses' : 'ses').replace(/0$/, current ? '1' : '2'),
          current,
          device: current ? 'This device' : 'Phone',
          name: null,
          network: null,
          method: 'password',
          second_factor: 'totp',
          created_at: before,
          last_seen_at: before,
          expires_at: soon,
        })),
        operator_visits: [],
      },
    },
    buttons: [
      'Save the profile',
      'Keep my address',
      'Change the password',
      'Make new recovery codes',
      'Switch off > Switch off',
      'Remove Laptop > Remove',
      'Add another passkey',
      'Unlink Example ID > Unlink',
      'Link Example ID',
      'End the session of Phone',
      'End all others',
      'Delete my account > Delete it in 30 days',
    ],
  },
  'a name for a device': {
    path: '/account',
    signedIn: true,
    prepare: (page) =>
      page
        .getByRole('button', { name: /^Name / })
        .first()
        .click(),
    within: 'ul[aria-label=Sessions]',
    buttons: ['Save'],
  },
  members: {
    path: '/members',
    signedIn: true,
    answers: {
      members: {
        items: [
          { user_id: idOf('usr'), email: 'cid@example.com', name: 'Cid', role: 'member', joined_at: before },
        ],
        next_cursor: null,
      },
      invitations: {
        items: [
          {
            id: idOf('inv'),
            email: 'dee@example.com',
            role: 'member',
            invited_by: null,
            created_at: before,
            expires_at: soon,
          },
        ],
        next_cursor: null,
      },
    },
    buttons: [
      'Hand over to Cid > Hand over',
      'Remove Cid > Remove',
      'Invite',
      'Send again to dee@example.com',
      'Withdraw the invitation of dee@example.com',
      'Rename',
      'Make a workspace',
      'Leave the workspace > Leave',
    ],
  },
  users: {
    path: '/users',
    signedIn: true,
    buttons: ['Act as bea@example.com > Act as them', 'Close bea@example.com > Close the account'],
  },
  'API keys': {
    path: '/api-keys',
    signedIn: true,
    buttons: [
      'Make key',
      'Change First key > Save',
      'Rotate First key > Rotate the key',
      'Revoke First key > Revoke the key',
    ],
  },
}

type Refusal = 'limit' | 'proof'

const refusals = {
  limit: { status: 429, code: 'rate_limited', headers: { 'retry-after': '30' } },
  proof: { status: 403, code: 'proof_required', headers: {} },
} as const

/** A page whose server refuses whatever would change something, and takes its time about it. */
async function openAt(place: Place, refusal: Refusal) {
  const page = place.signedIn ? await app.administrator() : await app.stranger()
  const asked: string[] = []
  let release = () => {}
  let held = Promise.resolve()
  await page.route('**/api/**', async (route) => {
    const { pathname } = new URL(route.request().url())
    const answer = Object.entries(place.answers ?? {}).find(([end]) => pathname.endsWith(end))
    const reads = route.request().method() === 'GET'
    if (reads && place.me && pathname === '/api/auth/me') {
      const response = await route.fetch()
      const known = await response.json()
      return route.fulfill({ response, json: { ...known, user: { ...known.user, ...place.me } } })
    }
    if (answer && (reads || pathname.endsWith('/look'))) {
      return route.fulfill({ json: answer[1] })
    }
    if (reads) return route.continue()
    asked.push(pathname)
    await held
    const { status, code, headers } = refusals[refusal]
    return route.fulfill({
      status,
      headers: { ...headers, 'content-type': 'application/problem+json' },
      body: JSON.stringify({
        type: 'about:blank',
        title: 'No',
        status,
        detail: 'No.',
        code,
        request_id: 'x',
      }),
    })
  })
  return {
    page,
    asked,
    hold() {
      asked.length = 0
      held = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => release(),
    async begin() {
      release()
      await page.goto('about:blank')
      await page.goto(place.path)
      await page.waitForLoadState('networkidle')
      await place.prepare?.(page)
      await fill(page.locator('main'))
    },
  }
}

/** Something in every field, so that nothing is held back for want of it. */
async function fill(inside: Locator): Promise<void> {
  for (const field of await inside.locator('input:visible:enabled, textarea:visible:enabled').all()) {
    const kind = await field.evaluate((element) => element.getAttribute('type') ?? element.tagName)
    if (['checkbox', 'radio', 'search'].includes(kind)) continue
    const id = await field.getAttribute('id')
    const label = id === null ? '' : await inside.locator(`label[for="${id}"]`).textContent()
    const typed = /^Type (\S+) to confirm/.exec(label ?? '')?.[1]
    await field.fill(
      typed ?? (kind === 'email' ? 'somebody@example.com' : 'long enough for any field'.slice(0, 12)),
    )
  }
}

const nameOf = (button: Locator) =>
  button.evaluate((element) => (element.getAttribute('aria-label') ?? element.textContent ?? '').trim())

/** Names of what can be pressed there; a switch that shows a password is none of it. */
async function buttonsOf(inside: Locator): Promise<string[]> {
  const all = await inside.locator('button:visible:not([aria-pressed]):not([disabled])').all()
  return Promise.all(all.map(nameOf))
}

type Found = Awaited<ReturnType<typeof openAt>>

/** Presses each button, through its dialog if it opens one; tells which of them asked the server. */
async function pressAll(at: Found, within: string, check: (inside: Locator, path: string) => Promise<void>) {
  const { page, asked } = at
  const main = page.locator(within)
  const dialog = page.locator(
    '[role=dialog][data-open]:not([aria-modal=false]),[role=alertdialog][data-open]:not([aria-modal=false])',
  )
  await at.begin()
  const wrote: string[] = []
  for (const name of await buttonsOf(main)) {
    await at.begin()
    const button = main.getByRole('button', { name, exact: true }).first()
    at.hold()
    await button.dblclick()
    const reaction = () =>
      asked.length > 0 ? 'asked' : dialog.count().then((open) => (open ? 'dialog' : ''))
    let reacted = await expect
      .poll(reaction, { timeout: 2_000 })
      .not.toBe('')
      .then(reaction, () => '')
    if (reacted === '') {
      // The second click of the two may have closed what the first has opened.
      if (await button.isVisible()) await button.click({ timeout: 2_000 })
      await dialog.waitFor({ timeout: 1_500 }).catch(() => undefined)
      reacted = await reaction()
    }
    if (reacted === 'asked') {
      at.release()
      await check(main, name)
      wrote.push(name)
    }
    if (reacted !== 'dialog') continue
    await fill(dialog)
    const confirm = dialog.locator('button[aria-disabled=false]').last()
    const path = `${name} > ${await nameOf(confirm)}`
    await confirm.dblclick()
    await expect.poll(() => asked.length).toBeGreaterThan(0)
    at.release()
    await check(dialog, path)
    wrote.push(path)
  }
  return wrote
}

describe.each(Object.entries(places))('%s', (_, place) => {
  it('a double click is one action, and a limit is counted down where it was met', async () => {
    const at = await openAt(place, 'limit')
    const wrote = await pressAll(at, place.within ?? 'main', async (inside, path) => {
      const counting = inside.locator('button[aria-disabled=true]', { hasText: /^Again in \d+ s$/ })
      await counting.first().waitFor()
      expect(at.asked, path).toHaveLength(1)
    })
    expect(wrote.toSorted()).toEqual(place.buttons.toSorted())
    await at.page.context().close()
  }, 180_000)
})

describe.each(Object.entries(places).filter(([, { signedIn }]) => signedIn))('%s', (_, place) => {
  it('whatever wants a fresh proof gets the dialog for it', async () => {
    const at = await openAt(place, 'proof')
    const proof = at.page.getByRole('alertdialog', { name: 'Confirm that it is you' })
    const wrote = await pressAll(at, place.within ?? 'main', async () => {
      await proof.waitFor()
      await at.page.keyboard.press('Escape')
      await proof.waitFor({ state: 'hidden' })
    })
    expect(wrote.toSorted()).toEqual(place.buttons.toSorted())
    await at.page.context().close()
  }, 180_000)
})
