import { axeViolations } from '@levqor/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Console, openConsole } from './open-console.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole()
})
afterAll(() => app?.[Symbol.asyncDispose]())

it('an operator finds a refused key, narrows the list to its address and comes back', async () => {
  await app.levqor.request('GET', '/api/v1/jobs', { key: 'lvk_live_wrong' })
  const page = await app.administrator()
  await page.goto('/security')
  await page.getByRole('heading', { level: 1, name: 'Security' }).waitFor()
  await page.getByText('Every protection is enforced.').waitFor()
  const events = page.getByRole('list', { name: 'Security events' })
  const refused = events.getByRole('listitem').filter({ hasText: 'A credential was refused' })
  await refused.first().waitFor()

  await page.getByLabel('Urgency').selectOption('notice')
  await page.waitForURL(/severity=notice/)
  await refused
    .first()
    .getByTitle(/^Only events from address_/)
    .click()
  await page.waitForURL(/address=address_/)
  await page.reload()
  await refused.first().waitFor()

  await page.getByLabel('Urgency').selectOption('critical')
  await page.getByRole('heading', { name: 'No event matches' }).waitFor()
  await page.getByRole('button', { name: 'Show all events' }).click()
  await refused.first().waitFor()
  expect(new URL(page.url()).search).toBe('')
  expect(app.complaints).toEqual([])
  await page.context().close()
})

it('an operator looks at the lockouts, opens an account by name, and an unknown filter says so', async () => {
  const page = await app.administrator()
  await page.goto('/security/lockouts')
  await page.getByRole('heading', { name: 'Nobody is locked out' }).waitFor()
  await page.getByRole('button', { name: 'Unlock an account' }).click()
  await page.getByLabel('E-mail address').fill('somebody@example.com')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Unlock/ })
    .click()
  const answer = page.getByRole('dialog').getByRole('status')
  await answer.getByText('Nothing was locked').waitFor()
  await page.getByLabel('Network address').fill('198.51.100.7')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Unlock/ })
    .click()
  await answer.getByText('neither as a whole nor from 198.51.100.7').waitFor()
  expect(await axeViolations(page)).toEqual([])

  await page.goto('/security?event=nonsense')
  await page.getByRole('heading', { name: 'This filter is not known' }).waitFor()
  await page.getByRole('button', { name: 'Show all events' }).click()
  await page.getByRole('list', { name: 'Security events' }).waitFor()
  // The browser itself writes a line about the refused question.
  expect(app.complaints.splice(0).filter((line) => !line.includes('400'))).toEqual([])
  await page.context().close()
})
