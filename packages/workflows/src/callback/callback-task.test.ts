import { createEgress } from '@levqor/guard/egress'
import { verifyWebhook } from '@levqor/guard/webhooks'
import { until } from '@levqor/testing'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Definition } from '../definition/definition.ts'
import { type Harness, openHarness } from '../harness-for-tests.ts'
import { createSandbox } from '../sandbox/create-sandbox.ts'
import { checkCallbackUrl } from './check-callback-url.ts'

const sandbox = createSandbox()
let harness: Harness

beforeEach(async () => {
  harness = await openHarness(sandbox)
})
afterEach(() => harness.close())
afterAll(() => sandbox.close())

const hello: Definition = { name: 'hello', steps: [{ id: 'a', use: 'text.template', with: { text: 'hi' } }] }
const failing: Definition = { name: 'failing', steps: [{ id: 'a', use: 'flow.wait', with: {} }] }

describe('the callback of a finished job', () => {
  it('is a durable job of its own: signed, and tried again as the same message', async () => {
    let tries = 0
    const site = await harness.site(() => ({ status: ++tries === 1 ? 503 : 200 }))
    const jobId = await harness.submit(hello, {}, { callbackUrl: `${site.url}/done` })
    harness.work()
    await harness.finished(jobId)
    await until(() => site.hits.length === 1, { what: 'the first try' })
    await until(
      () => {
        harness.clock.advance(5_000)
        return site.hits.length === 2
      },
      { what: 'the second try' },
    )
    const [first, second] = site.hits
    expect(JSON.parse(second?.body ?? '')).toMatchObject({
      type: 'job.succeeded',
      data: { job_id: jobId, status: 'succeeded', result: { text: 'hi' } },
    })
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    const message = { headers: second?.headers ?? {}, body: second?.body ?? '', secrets: harness.secret }
    expect(verifyWebhook({ ...message, nowMs: harness.clock.now() }).valid).toBe(true)
  })

  it('tells of failures too', async () => {
    const site = await harness.site(() => ({ status: 200 }))
    const jobId = await harness.submit(failing, {}, { callbackUrl: site.url })
    harness.work()
    expect((await harness.finished(jobId)).state).toBe('dead')
    await until(() => site.hits.length === 1, { what: 'the callback' })
    expect(JSON.parse(site.hits[0]?.body ?? '')).toMatchObject({
      type: 'job.failed',
      data: { status: 'dead' },
    })
  })

  it('causes no callback of its own', async () => {
    const site = await harness.site(() => ({ status: 200 }))
    const jobId = await harness.submit(hello, {}, { callbackUrl: site.url })
    harness.work()
    await harness.finished(jobId)
    const all = async () => (await harness.store.list({})).jobs
    await until(async () => (await all()).every(({ state }) => state === 'succeeded'), { what: 'both jobs' })
    expect(await all()).toHaveLength(2)
    expect(site.hits).toHaveLength(1)
  })
})

describe('checkCallbackUrl', () => {
  const resolve = async (host: string) => {
    const known: Readonly<Record<string, readonly string[]>> = {
      'hooks.example': ['93.184.215.14'],
      'inside.example': ['93.184.215.14', '10.0.0.7'],
    }
    const found = known[host]
    if (!found) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
    return found
  }
  const egress = createEgress({ resolve })

  it('accepts what can be reached', async () => {
    await expect(checkCallbackUrl('https://hooks.example/done', egress)).resolves.toBeUndefined()
  })

  it.each([
    'http://10.0.0.1/hook',
    'http://127.0.0.1:3000/',
    'http://2130706433/',
    'http://[::ffff:10.0.0.1]/',
    'http://169.254.169.254/latest',
    'https://inside.example/',
    'https://unknown.example/',
    'https://user:secret@hooks.example/',
    'ftp://hooks.example/',
    'not a url',
    `https://hooks.example/${'x'.repeat(2_000)}`,
  ])('refuses %s', async (url) => {
    await expect(checkCallbackUrl(url, egress)).rejects.toMatchObject({ code: 'bad_callback_url' })
  })

  it('does not hide a failure of its own', async () => {
    const broken = { check: async () => Promise.reject(new Error('broken')) }
    await expect(checkCallbackUrl('https://hooks.example/', broken)).rejects.toThrow('broken')
  })
})
