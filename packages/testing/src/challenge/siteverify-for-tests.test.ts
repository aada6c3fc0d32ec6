import { afterEach, expect, it } from 'vitest'
import { siteverifyForTests, type TestSiteverify } from './siteverify-for-tests.ts'

const open: TestSiteverify[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

async function setup() {
  const provider = await siteverifyForTests('turnstile', 'right')
  open.push(provider)
  const ask = async (form: Record<string, string>) => {
    const answer = await fetch(provider.endpoint, { method: 'POST', body: new URLSearchParams(form) })
    return answer.json()
  }
  return { provider, ask }
}

it('takes form, secret and token as the real providers do, and each token once', async () => {
  const { provider, ask } = await setup()
  const response = provider.solve({ hostname: 'app.example' })
  expect(await ask({ response })).toMatchObject({ 'error-codes': ['missing-input-secret'] })
  expect(await ask({ secret: 'wrong', response })).toMatchObject({ 'error-codes': ['invalid-input-secret'] })
  expect(await ask({ secret: 'right' })).toMatchObject({ 'error-codes': ['missing-input-response'] })
  expect(await ask({ secret: 'right', response: 'made up' })).toMatchObject({ success: false })
  expect(await ask({ secret: 'right', response })).toMatchObject({ success: true, hostname: 'app.example' })
  expect(await ask({ secret: 'right', response })).toMatchObject({ 'error-codes': ['timeout-or-duplicate'] })
  expect(provider.questions.length).toBe(6)
})

it('does not take JSON or another path', async () => {
  const { provider } = await setup()
  const asJson = await fetch(provider.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(await asJson.json()).toMatchObject({ 'error-codes': ['bad-request'] })
  expect((await fetch(`${provider.endpoint}/x`, { method: 'POST' })).status).toBe(404)
})
