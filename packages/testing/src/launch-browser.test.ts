import { expect, it, onTestFinished } from 'vitest'
import { axeViolations } from './axe-violations.ts'
import { httpFixture } from './http-fixture.ts'
import { launchBrowser } from './launch-browser.ts'

async function setup() {
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  return browser.newContext().then((context) => context.newPage())
}

it('opens a page in a browser that enforces a content security policy and the same-origin rule', async () => {
  const page = await setup()
  const [site, foreign] = await Promise.all([
    httpFixture(() => ({
      headers: { 'content-security-policy': "script-src 'nonce-abc'" },
      body: `<!doctype html><title>before</title><script>document.title = 'inline'</script>
        <script nonce="abc">document.body.dataset.ran = 'yes'</script>`.replace(
        'document.body',
        'document.documentElement',
      ),
    })),
    httpFixture(() => 'foreign'),
  ])
  onTestFinished(async () => void (await Promise.all([site.close(), foreign.close()])))
  await page.goto(site.url)
  expect(await page.title()).toBe('before')
  expect(await page.locator('html').getAttribute('data-ran')).toBe('yes')
  const reached = await page.evaluate(
    `fetch(${JSON.stringify(foreign.url)}).then(() => 'read', () => 'refused')`,
  )
  expect(reached).toBe('refused')
})

it('finds accessibility violations and says where they are', async () => {
  const page = await setup()
  await page.setContent(
    '<!doctype html><html lang="en"><title>t</title><main><h1>T</h1><img src="x.png"></main></html>',
  )
  expect(await axeViolations(page)).toEqual([expect.stringMatching(/^image-alt \(critical\): .+ – img$/)])
  await page.setContent('<!doctype html><html lang="en"><title>t</title><main><h1>T</h1></main></html>')
  expect(await axeViolations(page)).toEqual([])
})
