// A real browser in front of a real Levqor with its web app. Whatever a page complains about fails the test.
import { type Browser, type BrowserContextOptions, launchBrowser, type Page } from '@levqor/testing'
import { expect } from 'vitest'
import { startLevqor, type TestInstallation } from '../test/start-levqor.ts'

export interface Console extends AsyncDisposable {
  readonly levqor: TestInstallation
  /** A page of a browser of its own, not signed in. */
  stranger(options?: BrowserContextOptions): Promise<Page>
  /** A page of the signed-in administrator. */
  administrator(options?: BrowserContextOptions): Promise<Page>
  /** What pages have complained about so far: console errors, uncaught errors, violations of the content policy. */
  readonly complaints: string[]
}

/** @param main the program, where it is not the command line itself */
export async function openConsole(env: Record<string, string> = {}, main?: string): Promise<Console> {
  const levqor = await startLevqor({ LEVQOR_ROLES: 'api,worker,scheduler,web', ...env }, undefined, main)
  let browser: Browser
  try {
    browser = await launchBrowser()
  } catch (error) {
    await levqor[Symbol.asyncDispose]()
    throw error
  }
  const complaints: string[] = []
  let signedIn: Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>> | undefined

  async function open(options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext({ baseURL: levqor.url, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      // The browser logs every answer from 400 on; those that tests provoke are looked at where they show.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        complaints.push(`${page.url()}: ${message.text()}`)
      }
    })
    return page
  }

  async function signIn(): Promise<NonNullable<typeof signedIn>> {
    const page = await open({})
    // The link names the installation by another of its names than the tests use; the path is the same.
    const link = new URL(levqor.firstRun.sign_in_link)
    await page.goto(`/sign-in/link${link.hash}`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/jobs')
    const state = await page.context().storageState()
    await page.context().close()
    return state
  }

  return {
    levqor,
    complaints,
    stranger: (options = {}) => open(options),
    async administrator(options = {}) {
      signedIn ??= await signIn()
      return open({ ...options, storageState: signedIn })
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await levqor[Symbol.asyncDispose]()
    },
  }
}

/** The heading says which page it is, once it is there; the title may be streamed a moment later. */
export async function expectHeading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await expect.poll(() => page.title()).toMatch(/Levqor/)
}
