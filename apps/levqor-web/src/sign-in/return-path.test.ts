import { describe, expect, it } from 'vitest'
import { entryAddress, safeReturnPath, signInAddress } from './return-path.ts'

describe('the path to return to after signing in', () => {
  it('keeps a path with its query on this origin', () => {
    expect(safeReturnPath('/jobs/job_1?tab=logs')).toBe('/jobs/job_1?tab=logs')
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/./\n/evil.example',
    '/..//evil.example',
    'javascript:alert(1)',
    '',
    null,
    undefined,
    `/${'a'.repeat(2_001)}`,
  ])('never leads to another origin: %j', (text) => {
    expect(safeReturnPath(text)).toBe('/jobs')
  })

  it('does not lead in a circle back to signing in', () => {
    expect(safeReturnPath('/sign-in?next=/sign-in')).toBe('/jobs')
  })

  it('leads back to an invitation, which needs somebody who is signed in, and never takes its token along', () => {
    expect(safeReturnPath('/invitation')).toBe('/invitation')
    expect(entryAddress('/register', '/invitation')).toBe('/register?next=%2Finvitation')
    expect(safeReturnPath('/invitation#token=secret')).toBe('/invitation')
    expect(safeReturnPath('/invitation?token=secret')).toBe('/jobs')
  })

  it('makes a sign-in address that survives the round trip', () => {
    const address = new URL(signInAddress('/jobs?status=dead&workflow=a'), 'http://x.test')
    expect(safeReturnPath(address.searchParams.get('next'))).toBe('/jobs?status=dead&workflow=a')
    expect(signInAddress('/')).toBe('/sign-in')
  })

  it('goes along from one entry page to another, and never another origin', () => {
    expect(entryAddress('/register', '/queue')).toBe('/register?next=%2Fqueue')
    expect(entryAddress('/register', null)).toBe('/register')
    expect(entryAddress('/forgot-password', 'https://evil.example/')).toBe('/forgot-password')
  })
})
