import { type Database, openDatabase } from '@levqor/database'
import { axeViolations, launchBrowser, sqliteForTests, systemClock } from '@levqor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testServer } from '../http/test-server.ts'
import { createIds } from '../ids.ts'

let database: Database
let server: Awaited<ReturnType<typeof testServer>>
let browser: Awaited<ReturnType<typeof launchBrowser>>
let drop: () => Promise<void>

beforeAll(async () => {
  const store = await sqliteForTests()
  drop = store.drop
  database = await openDatabase({ url: store.url, schemas: [], clock: systemClock, ids: createIds() })
  server = await testServer({ database })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.server.stop(1_000)
  await database.close()
  await drop()
})

describe.each(['/docs', '/docs/errors'])('%s', (path) => {
  it.each(['light', 'dark'] as const)(
    'has no axe violation and obeys its policy, %s',
    async (colorScheme) => {
      const context = await browser.newContext({ colorScheme })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        // What the browser asks for by itself; there is none.
        if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(server.url + path)
      for (const summary of await page.locator('summary').all()) await summary.click()
      expect(await axeViolations(page)).toEqual([])
      expect(complaints).toEqual([])
      const background = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(background).toBe(colorScheme === 'light' ? 'oklch(0.995 0.002 125)' : 'oklch(0.2 0.012 172)')
      await page.close()
    },
  )

  it('fits a window of 320 pixels', async () => {
    const page = await browser.newPage({ viewport: { width: 320, height: 600 } })
    await page.goto(server.url + path)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
    await page.close()
  })
})
