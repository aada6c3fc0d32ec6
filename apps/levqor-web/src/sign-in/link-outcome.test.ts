import { expect, it } from 'vitest'
import { linkOutcome, tokenOf } from './link-outcome.ts'

it('finds a token in the fragment only when it can be one', () => {
  const token = 'a'.repeat(43)
  expect(tokenOf(`#token=${token}`)).toBe(token)
  expect(tokenOf(`#a=b&token=${token}`)).toBe(token)
  expect(tokenOf('#token=short')).toBeUndefined()
  expect(tokenOf(`#token=${'a'.repeat(201)}`)).toBeUndefined()
  expect(tokenOf('')).toBeUndefined()
})

it('gives expired, used and tampered links a page of their own', () => {
  const titles = ['link_expired', 'link_used', 'link_invalid'].map((code) => {
    const outcome = linkOutcome({ code, message: '' })
    return outcome.kind === 'over' ? outcome.title : undefined
  })
  expect(new Set(titles).size).toBe(3)
  expect(titles).not.toContain(undefined)
})

it('asks another browser for the code, and shows why a wrong one was refused', () => {
  expect(linkOutcome({ code: 'link_other_browser', message: '' })).toEqual({ kind: 'needs-code' })
  expect(linkOutcome({ code: 'link_wrong_code', message: 'Two tries left.' })).toEqual({
    kind: 'wrong-code',
    text: 'Two tries left.',
  })
})

it('leaves everything else to the usual notice', () => {
  expect(linkOutcome({ code: 'rate_limited', message: '' })).toEqual({ kind: 'problem' })
})
