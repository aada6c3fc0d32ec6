import { axeViolations, httpFixture, launchBrowser } from '@levqor/testing'
import { expect, it, onTestFinished } from 'vitest'
import { mailStyleSource } from './mail-document.ts'
import { renderMail } from './render-mail.ts'

const mails = {
  '/magic-link': renderMail({
    template: 'magic-link',
    props: {
      url: `https://levqor.example/sign-in#${'x'.repeat(120)}`,
      expiresAt: Date.UTC(2026, 0, 5, 12, 15),
    },
  }),
  '/workflow-message': renderMail({
    template: 'workflow-message',
    props: {
      subject: 'Sales by city',
      text: 'Good morning,\n\nhere are the sums of last week.\nThey are in euro.',
      workflow: 'csv-report',
      table: {
        columns: ['City', 'Orders', 'Sum', 'A note with a long heading'],
        rows: [
          ['Stockholm', 1_204, 88_120.5, null],
          ['Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', 3, 12, 'returned'],
        ],
      },
    },
  }),
}

/** Shows each mail as the outbox page would: under a policy that allows its own style sheet and nothing else. */
async function setup() {
  const browser = await launchBrowser()
  const site = await httpFixture(({ url }) => ({
    headers: { 'content-security-policy': `default-src 'none'; style-src ${mailStyleSource}` },
    body: Object.entries(mails).find(([path]) => path === url)?.[1].html ?? '',
  }))
  onTestFinished(async () => {
    await browser.close()
    await site.close()
  })
  return { browser, site }
}

it('renders every mail readably in light and dark, wide and narrow, under a strict policy', async () => {
  const { browser, site } = await setup()
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 1000]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 700 } })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (line) => complaints.push(line.text()))
      page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`))
      for (const path of Object.keys(mails)) {
        await page.goto(site.url + path)
        const place = `${path} ${colorScheme} ${width}`
        expect(await axeViolations(page), place).toEqual([])
        const [background, scrolls] = await page.evaluate<[string, boolean]>(
          '[getComputedStyle(document.body).backgroundColor, document.documentElement.scrollWidth > innerWidth]',
        )
        expect(background, place).toBe(colorScheme === 'dark' ? 'rgb(15, 20, 32)' : 'rgb(246, 247, 249)')
        expect(scrolls, `${place} scrolls sideways`).toBe(false)
        if (process.env.LEVQOR_SCREENSHOTS) {
          const name = `mail${path.replace('/', '-')}-${colorScheme}-${width}.png`
          await page.screenshot({ path: `${process.env.LEVQOR_SCREENSHOTS}/${name}`, fullPage: true })
        }
      }
      expect(complaints.filter((line) => !line.includes('favicon'))).toEqual([])
      await context.close()
    }
  }
})
