// The looks in which every page is checked, and what can be wrong with one.
import { axeViolations, type Page } from '@levqor/testing'

const wide = { width: 1280, height: 900 }
const narrow = { width: 360, height: 740 }

export const looks = [
  { colorScheme: 'light', viewport: wide },
  { colorScheme: 'dark', viewport: wide },
  { colorScheme: 'light', viewport: narrow },
  { colorScheme: 'dark', viewport: narrow },
] as const

type Look = (typeof looks)[number]

// Evaluated as text, because these tests are type-checked without a browser's types.
const tooWide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const outside = `[...document.querySelectorAll('[role=dialog], [role=alertdialog]')]
  .map((dialog) => ({ box: dialog.getBoundingClientRect(), more: dialog.scrollWidth - dialog.clientWidth }))
  .filter(({ box, more }) =>
    more > 0 || box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight).length`

/** Violations, a page that scrolls sideways, and dialogs that do not fit the window, as the page stands. */
export async function problemsOf(page: Page, what: string): Promise<string[]> {
  const found = (await axeViolations(page)).map((violation) => `${what}: ${violation}`)
  const sideways = Number(await page.evaluate(tooWide))
  if (sideways > 0) found.push(`${what}: ${sideways} px wider than the window`)
  if (Number(await page.evaluate(outside)) > 0) found.push(`${what}: a dialog that does not fit the window`)
  return found
}

/** Both colours and both widths, in two looks instead of four. */
const bothWays: readonly Look[] = [looks[0], looks[3]]

/** The same in several looks, with whatever is open staying open. */
export async function problemsInLooks(
  page: Page,
  what: string,
  chosen: readonly Look[] = bothWays,
): Promise<string[]> {
  const found: string[] = []
  for (const { colorScheme, viewport } of chosen) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    found.push(...(await problemsOf(page, `${what}, ${colorScheme}, ${viewport.width} px`)))
  }
  await page.setViewportSize(wide)
  return found
}
