import { httpFixture } from '@levqor/testing'
import { expect, it, onTestFinished } from 'vitest'
import { sendLoad } from './send-load.ts'

async function setup(status: (number: number) => number) {
  let answered = 0
  const server = await httpFixture(() => {
    answered += 1
    return { status: status(answered), headers: { 'content-length': '11' }, body: '{"ok":true}' }
  })
  onTestFinished(() => server.close())
  const load = {
    origin: server.url,
    path: '/intake',
    headers: { authorization: 'Bearer x' },
    body: '{"text":"å"}',
    connections: 3,
    requests: 20,
  }
  return { server, load }
}

it('sends exactly so many requests, each with a key of its own', async () => {
  const { server, load } = await setup(() => 202)
  const result = await sendLoad(load)
  const keys = server.hits.map(({ headers }) => headers['idempotency-key'])
  expect(server.hits).toHaveLength(20)
  expect(new Set(keys).size).toBe(20)
  expect(server.hits.every(({ body }) => body === load.body)).toBe(true)
  expect(result.perSecond).toBeGreaterThan(0)
  expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms)
})

it('fails at the first answer that is not an acceptance, and says what it was', async () => {
  const { load } = await setup((number) => (number === 7 ? 429 : 202))
  await expect(sendLoad(load)).rejects.toThrow('Answer 429: {"ok":true}')
})
