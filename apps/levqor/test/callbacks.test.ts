import { verifyWebhook } from '@levqor/guard/webhooks'
import { httpFixture, until } from '@levqor/testing'
import { expect, it } from 'vitest'
import { sampleSite } from './page-for-tests.ts'
import { startLevqor } from './start-levqor.ts'

it('a finished job calls back once, signed so that a receiver can verify it, and again until it is taken', async () => {
  const site = await sampleSite()
  let refuse = true
  const receiver = await httpFixture(() => {
    const status = refuse ? 503 : 204
    refuse = false
    return { status }
  })
  await using levqor = await startLevqor()
  const { body } = await levqor.request('POST', '/api/v1/intake', {
    body: { workflow: 'page-digest', payload: { url: site.url }, callback_url: `${receiver.url}/hook` },
  })
  await until(() => receiver.hits.length === 2, { what: 'the second delivery', timeoutMs: 20_000 })
  const [first, second] = receiver.hits
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  const { secret } = (await levqor.request('GET', '/api/v1/webhook-secret')).body
  const headersOf = (hit: typeof first) =>
    Object.fromEntries(Object.entries(hit?.headers ?? {}).map(([name, value]) => [name, String(value)]))
  const verify = (text: string) =>
    verifyWebhook({
      headers: headersOf(second),
      body: new TextEncoder().encode(text),
      secrets: [secret],
      nowMs: Date.now(),
    })
  expect(verify(second?.body ?? '')).toMatchObject({ valid: true })
  expect(verify(`${second?.body} `)).toMatchObject({ valid: false })
  expect(JSON.parse(second?.body ?? '')).toMatchObject({
    type: 'job.succeeded',
    data: { job_id: body.job_id, status: 'succeeded', result: { title: 'A sample' } },
  })
  await site.close()
  await receiver.close()
})
