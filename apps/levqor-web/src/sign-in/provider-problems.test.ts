import { providerProblems } from '@levqor/client'
import { expect, it } from 'vitest'
import { problemWords } from './provider-problems.ts'

it('every way back that fails has words of its own', () => {
  const titles = providerProblems.map((code) => problemWords(code)?.title)
  expect(new Set(titles).size).toBe(providerProblems.length)
})

it('what is not known gets general words, and never its own', () => {
  for (const code of ['', 'internal_error', '<b>evil</b>', 'constructor', '__proto__']) {
    expect(problemWords(code)?.title).toBe('That did not work')
  }
  expect(problemWords(undefined)).toBeUndefined()
})
