import { expect, it } from 'vitest'
import { decideRetry, longestRetryAfterMs } from './retry-policy.ts'

const failure = {
  failures: 0,
  maxFailures: 4,
  retryDelaysMs: undefined,
  final: false,
  retryAfterMs: undefined,
}
const middle = () => 0.5

it('three retries after 1, 5 and 15 seconds, then dead', () => {
  const delays = [0, 1, 2, 3].map((failures) => decideRetry({ ...failure, failures }, middle))
  expect(delays).toEqual([1_000, 5_000, 15_000, 'dead'])
})

it('the delay varies by a tenth in either direction', () => {
  expect(decideRetry(failure, () => 0)).toBe(900)
  expect(decideRetry(failure, () => 0.999_999)).toBe(1_100)
})

it('a final error is not retried', () => {
  expect(decideRetry({ ...failure, final: true }, middle)).toBe('dead')
})

it('the other side may ask for a later time, not for an earlier one, and not for more than a day', () => {
  expect(decideRetry({ ...failure, retryAfterMs: 60_000 }, middle)).toBe(60_000)
  expect(decideRetry({ ...failure, retryAfterMs: 10 }, middle)).toBe(1_000)
  expect(decideRetry({ ...failure, retryAfterMs: -1 }, middle)).toBe(1_000)
  expect(decideRetry({ ...failure, retryAfterMs: 1e12 }, middle)).toBe(longestRetryAfterMs)
})

it('a job with more tries than rungs repeats the last rung', () => {
  const long = { ...failure, maxFailures: 10, retryDelaysMs: [100, 200] }
  expect([0, 1, 2, 8].map((failures) => decideRetry({ ...long, failures }, middle))).toEqual([
    100, 200, 200, 200,
  ])
  expect(decideRetry({ ...long, retryDelaysMs: [] }, middle)).toBe(0)
})
