import { expect, it } from 'vitest'
import { until } from './until.ts'

it('resolves as soon as the condition holds', async () => {
  let looks = 0
  await until(() => ++looks === 3, { what: 'the third look', everyMs: 1 })
  expect(looks).toBe(3)
})

it('gives up naming what it waited for, with the last error as cause', async () => {
  const failure = new Error('not there')
  const waiting = until(() => Promise.reject(failure), { what: 'a page', timeoutMs: 20, everyMs: 1 })
  await expect(waiting).rejects.toMatchObject({
    message: 'Gave up after 20 ms waiting for a page.',
    cause: failure,
  })
})
