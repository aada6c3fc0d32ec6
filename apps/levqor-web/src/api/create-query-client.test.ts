import { LevqorError } from '@levqor/client'
import { expect, it } from 'vitest'
import { createQueryClient, limitPauseMs, refreshInterval } from './create-query-client.ts'

function refused(status: number, retryAfter?: number): LevqorError {
  return new LevqorError({
    type: 'about:blank',
    title: '',
    status,
    detail: '',
    code: 'x',
    request_id: '',
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
  })
}

function setup() {
  const { retry, retryDelay } = createQueryClient().getDefaultOptions().queries ?? {}
  if (typeof retry !== 'function' || typeof retryDelay !== 'function') throw new Error('no rules')
  return { retry, retryDelay }
}

it('waits out a limit as long as the server asks, and not all queries at the same moment', () => {
  const { retry, retryDelay } = setup()
  expect(retry(15, refused(429, 7))).toBe(true)
  expect(retryDelay(15, refused(429, 7))).toBeGreaterThanOrEqual(7_000)
  expect(retryDelay(15, refused(429, 7))).toBeLessThan(7_500)
  expect(limitPauseMs(refused(429, 0))).toBe(1_000)
})

it('tries again when the server is away, never when it has said no', () => {
  const { retry } = setup()
  expect([0, 503].map((status) => [retry(1, refused(status)), retry(2, refused(status))])).toEqual([
    [true, false],
    [true, false],
  ])
  for (const status of [400, 401, 403, 404, 409, 500]) expect(retry(0, refused(status))).toBe(false)
})

it('refreshes a list more slowly after a failure, and never sooner than a limit allows', () => {
  expect(refreshInterval(null, 5_000)).toBe(5_000)
  expect(refreshInterval(refused(503), 5_000)).toBe(10_000)
  expect(refreshInterval(refused(429, 42), 5_000)).toBe(42_000)
})
