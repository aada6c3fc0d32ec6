import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Console, openConsole } from './open-console.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole({ LEVQOR_LIMITS_MULTIPLIER: '1' })
})
afterAll(() => app?.[Symbol.asyncDispose]())

it('at a limit the button counts down and works again by itself', async () => {
  const page = await app.administrator()
  await page.goto('/workflows/page-digest/run')
  await page.getByLabel('Page').fill('http://127.0.0.1:9/')
  // The same browser has used up what it may do for now.
  await page.evaluate(async () => {
    const submit = () =>
      fetch('/api/v1/intake', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ workflow: 'page-digest', payload: { url: 'http://127.0.0.1:9/' } }),
      })
    for (let n = 0; n < 40; n++) if ((await submit()).status === 429) return
    throw new Error('The limit was never reached.')
  })
  await page.getByRole('button', { name: 'Start job' }).click()
  await page.getByRole('button', { name: /Again in \d+ s/ }).waitFor()
  const again = page.getByRole('button', { name: 'Start job' })
  await again.waitFor()
  expect(await again.isEnabled()).toBe(true)
})
