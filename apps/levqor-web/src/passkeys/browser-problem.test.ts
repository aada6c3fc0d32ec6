import { expect, it } from 'vitest'
import { browserProblem } from './browser-problem.ts'

const named = (name: string) => Object.assign(new Error('whatever the browser says'), { name })
const soon = { tookMs: 2_000, timeoutMs: 300_000 }

it.each([
  ['NotAllowedError', 'passkey_cancelled'],
  ['InvalidStateError', 'passkey_known'],
  ['ConstraintError', 'passkey_device_unsuitable'],
  ['SecurityError', 'passkey_wrong_address'],
  ['UnknownError', 'passkey_failed'],
])('%s becomes words of our own (%s)', (name, code) => {
  const problem = browserProblem(named(name), soon)
  expect(problem).toMatchObject({ code, status: 0 })
  expect(problem?.message).not.toContain('whatever')
})

it('a question that nobody answered in time is told apart from one that was closed', () => {
  const late = { tookMs: 300_010, timeoutMs: 300_000 }
  expect(browserProblem(named('NotAllowedError'), late)?.code).toBe('passkey_timed_out')
})

it('a question that another one replaced is no problem', () => {
  expect(browserProblem(named('AbortError'), soon)).toBeUndefined()
})
