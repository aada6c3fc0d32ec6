// Every button of the sign-in pages and the settings that writes something: pressed twice at once it asks the server once,
// a refusal for the sake of limits is counted down on it, and a wish for a fresh proof opens the dialog. The buttons are
// found on the pages; the lists in button-places.ts only say which must be among them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, places } from './button-places.ts'
import { type Console, openConsole } from './open-console.ts'
import { type HeldPage, holdPage, pressAll, type Refusal } from './press-buttons.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_REGISTRATION: 'open' })
  const key = await app.levqor.request('POST', '/api/v1/users/upsert', {
    body: { email: 'bea@example.com', name: 'Bea' },
  })
  expect(key.status).toBe(201)
})
afterAll(() => app?.[Symbol.asyncDispose]())

async function openAt(place: Place, refusal: Refusal): Promise<HeldPage> {
  return holdPage(place.signedIn ? await app.administrator() : await app.stranger(), place, refusal)
}

describe.each(Object.entries(places))('%s', (_, place) => {
  it('a double click is one action, and a limit is counted down where it was met', async () => {
    const at = await openAt(place, 'limit')
    const wrote = await pressAll(at, place.within ?? 'main', async (button, _inside, path) => {
      // On the very button, whatever else is counting.
      await expect
        .poll(async () => [await button.getAttribute('aria-disabled'), await button.textContent()], {
          timeout: 5_000,
          message: path,
        })
        .toEqual(['true', expect.stringMatching(/^Again in \d+ min/)])
      expect(at.asked, path).toHaveLength(1)
    })
    expect(wrote.toSorted()).toEqual(place.buttons.toSorted())
    await at.page.context().close()
  })
})

describe.each(Object.entries(places).filter(([, { signedIn }]) => signedIn))('%s', (_, place) => {
  it('whatever wants a fresh proof gets the dialog for it', async () => {
    const at = await openAt(place, 'proof')
    const proof = at.page.getByRole('alertdialog', { name: 'Confirm that it is you' })
    const wrote = await pressAll(at, place.within ?? 'main', async (_button, _inside, path) => {
      await proof.waitFor()
      expect(at.asked, path).toHaveLength(1)
      await at.page.keyboard.press('Escape')
      await proof.waitFor({ state: 'hidden' })
    })
    expect(wrote.toSorted()).toEqual(place.buttons.toSorted())
    await at.page.context().close()
  })
})
