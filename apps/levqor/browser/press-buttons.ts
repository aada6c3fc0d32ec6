// Presses every button of a page, twice at once, and tells which of them asked the server to write. The page is opened again
// only when a press has changed what stands on it.
import type { ElementHandle, Locator, Page } from '@levqor/testing'
import { expect } from 'vitest'
import type { Place } from './button-places.ts'

export type Refusal = 'limit' | 'proof'

const refusals = {
  limit: { status: 429, code: 'rate_limited', retry_after: 600 },
  proof: { status: 403, code: 'proof_required' },
} as const

/** A page whose server refuses whatever would change something, and takes its time about it. */
export interface HeldPage {
  readonly page: Page
  /** Paths that were asked to write since the last `hold`. */
  readonly asked: readonly string[]
  hold(): void
  release(): void
  /** Opens the page, or opens it again. @param ready whether all of it is there; left out: when the network is quiet */
  begin(ready?: () => Promise<boolean>): Promise<void>
}

export async function holdPage(page: Page, place: Place, refusal: Refusal): Promise<HeldPage> {
  const asked: string[] = []
  let release = () => {}
  let held = Promise.resolve()
  // Tall enough that nothing has to be scrolled to, and no message lies above a button.
  await page.setViewportSize({ width: 1280, height: 3_000 })
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
    const said = refusals[refusal]
    return route.fulfill({
      status: said.status,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: 'No', detail: 'No.', request_id: 'x', ...said }),
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
    async begin(ready) {
      release()
      // Going where one is already would only move to the fragment.
      await (page.url().endsWith(place.path) ? page.reload() : page.goto(place.path))
      if (ready && !place.prepare) await becomes(page, ready)
      else await page.waitForLoadState('networkidle')
      await place.prepare?.(page)
      await fill(page.locator('main'))
    },
  }
}

/** A page whose buttons are there and have come alive. */
async function becomes(page: Page, ready: () => Promise<boolean>): Promise<void> {
  await expect.poll(ready, { timeout: 15_000, interval: 25 }).toBe(true)
  // What React has taken over carries its properties.
  await page.waitForFunction(`[...document.querySelectorAll('main button')].every(
    (button) => Object.keys(button).some((key) => key.startsWith('__reactProps')))`)
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

async function nameOf(button: ElementHandle | Locator): Promise<string> {
  return ((await button.getAttribute('aria-label')) ?? (await button.textContent()) ?? '').trim()
}

/** Names of what can be pressed there; a switch that shows a password is none of it. */
async function buttonsOf(inside: Locator): Promise<string[]> {
  const all = await inside.locator('button:visible:not([aria-pressed]):not([disabled])').all()
  return Promise.all(all.map(nameOf))
}

/** What is to be true of a button whose question was refused. `inside`: the page's part, or the dialog, it stands in. */
export type Check = (button: ElementHandle, inside: Locator, path: string) => Promise<void>

const counting = /^Again in /

/** Presses each button, through its dialog if it opens one; tells which of them asked the server. */
export async function pressAll(at: HeldPage, within: string, check: Check): Promise<string[]> {
  const { page, asked } = at
  const main = page.locator(within)
  const dialog = page.locator(
    '[role=dialog][data-open]:not([aria-modal=false]),[role=alertdialog][data-open]:not([aria-modal=false])',
  )
  await at.begin()
  const names = await buttonsOf(main)
  const wrote: string[] = []
  for (const name of names) {
    const button = main.getByRole('button', { name, exact: true }).first()
    const pressed = await handleOf(button)
    at.hold()
    await pressTwice(pressed)
    const reacted = await reaction(name)
    if (reacted === 'asked') {
      at.release()
      await check(pressed, main, name)
      wrote.push(name)
    }
    if (reacted === 'dialog') {
      await fill(dialog)
      const confirm = await handleOf(dialog.locator('button[aria-disabled=false]').last())
      const path = `${name} > ${await nameOf(confirm)}`
      await pressTwice(confirm)
      await expect.poll(() => asked.length, { timeout: 5_000 }).toBeGreaterThan(0)
      at.release()
      await check(confirm, dialog, path)
      wrote.push(path)
    }
    if (!(await isAsBefore())) await at.begin(async () => sameButtons(await buttonsOf(main)))
  }
  return wrote

  /** What came of a double click: a question to the server, a dialog, or something else on the page. */
  async function reaction(name: string): Promise<'asked' | 'dialog' | 'other'> {
    const look = async (): Promise<'asked' | 'dialog' | 'other' | ''> => {
      if (asked.length > 0) return 'asked'
      if ((await dialog.count()) > 0) return 'dialog'
      return (await hasChanged()) ? 'other' : ''
    }
    const wait = () =>
      expect
        .poll(look, { timeout: 1_200, interval: 25 })
        .not.toBe('')
        .then(look, () => '' as const)
    let first = await wait()
    // A question may still be on its way.
    if (first === 'other') first = await new Promise((resolve) => setTimeout(() => resolve(look()), 200))
    if (first !== '') return first
    // The second click of the two may have closed what the first has opened.
    await main.getByRole('button', { name, exact: true }).first().click({ timeout: 2_000 })
    return (await wait()) || 'other'
  }

  async function hasChanged(): Promise<boolean> {
    if ((await main.locator('[aria-busy=true]').count()) > 0) return false
    return !sameButtons(await buttonsOf(main))
  }

  function sameButtons(now: readonly string[]): boolean {
    return now.length === names.length && now.every((name) => counting.test(name) || names.includes(name))
  }

  /** Closes what a press has left open; false when the page is another than at the beginning. */
  async function isAsBefore(): Promise<boolean> {
    if ((await dialog.count()) > 0) {
      await page.keyboard.press('Escape')
      const closed = await dialog.waitFor({ state: 'hidden', timeout: 2_000 }).then(
        () => true,
        () => false,
      )
      if (!closed) return false
    }
    return sameButtons(await buttonsOf(main))
  }
}

/** A double click whose second half finds the same button, wherever the first has moved it, and not what came in its place. */
async function pressTwice(button: ElementHandle): Promise<void> {
  await button.click()
  await button.dispatchEvent('click')
}

async function handleOf(button: Locator): Promise<ElementHandle> {
  const handle = await button.elementHandle()
  if (handle === null) throw new Error('The button has gone.')
  return handle
}
