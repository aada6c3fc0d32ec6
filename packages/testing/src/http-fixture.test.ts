import { expect, it, onTestFinished } from 'vitest'
import { httpFixture } from './http-fixture.ts'

it('answers and remembers every request', async () => {
  const site = await httpFixture((hit) =>
    hit.url === '/gone'
      ? { status: 410, headers: { 'x-why': 'moved' }, body: 'gone' }
      : '<title>Hello</title>',
  )
  onTestFinished(() => site.close())
  const page = await fetch(`${site.url}/a?b=c`, { method: 'POST', body: 'payload' })
  expect(await page.text()).toBe('<title>Hello</title>')
  const gone = await fetch(`${site.url}/gone`)
  expect([gone.status, gone.headers.get('x-why')]).toEqual([410, 'moved'])
  expect(site.hits.map((hit) => [hit.method, hit.url, hit.body])).toEqual([
    ['POST', '/a?b=c', 'payload'],
    ['GET', '/gone', ''],
  ])
})

it('closes while a request is still unanswered', async () => {
  const site = await httpFixture(() => new Promise<undefined>(() => {}))
  const pending = fetch(site.url)
  pending.catch(() => {})
  await expect.poll(() => site.hits.length).toBe(1)
  await site.close()
  await expect(pending).rejects.toThrow()
})
