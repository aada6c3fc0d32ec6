import { expect, it } from 'vitest'
import { findLinks } from './find-links.ts'

it('finds addresses and leaves the sentence around them alone', () => {
  const text = 'Open http://127.0.0.1:3000/sign-in/link#token=a-b_c. Or (https://a.example/?x=1)!'
  const parts = findLinks(text)
  expect(parts.map((part) => part.text).join('')).toBe(text)
  expect(parts.flatMap((part) => part.href ?? [])).toEqual([
    'http://127.0.0.1:3000/sign-in/link#token=a-b_c',
    'https://a.example/?x=1',
  ])
})

it('makes no link of anything but http and https', () => {
  expect(findLinks('javascript:alert(1) data:text/html,x ftp://a http://').every((part) => !part.href)).toBe(
    true,
  )
  expect(findLinks('')).toEqual([])
})
