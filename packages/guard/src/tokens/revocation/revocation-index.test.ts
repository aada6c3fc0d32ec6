import { describe, expect, it } from 'vitest'
import { createRevocationIndex } from './revocation-index.ts'
import type { Revocation } from './revocations.ts'

const revocation = (id: string, facts: Partial<Revocation> = {}): Revocation => ({
  kind: 'session',
  id,
  revokedAtMs: 100,
  forgetAtMs: 1000,
  cause: 'signed_out',
  ...facts,
})
const session = (id: string) => ({ session: id, issuedAtMs: 0 })

describe('what is revoked, in memory', () => {
  it('is found by any of a credential’s ids, the narrowest first', () => {
    const index = createRevocationIndex(10)
    const subject = { session: 'x', family: 'x', user: 'x', key: 'x', token: 'x', issuedAtMs: 100 }
    expect(index.find(subject)).toBeUndefined()
    for (const kind of ['user', 'key', 'family', 'session', 'token'] as const) {
      expect(index.add(revocation('x', { kind }), 0)).toBe(true)
      expect(index.find(subject)).toMatchObject({ kind })
      expect(index.add(revocation('x', { kind }), 0)).toBe(false)
    }
    expect(index.find({ issuedAtMs: 0 })).toBeUndefined()
  })

  it('of a user is news each time it is later; of a session it is news once', () => {
    const index = createRevocationIndex(10)
    const user = { kind: 'user' } as const
    expect(index.add(revocation('u', user), 0)).toBe(true)
    expect(index.add(revocation('u', { ...user, revokedAtMs: 101 }), 0)).toBe(true)
    expect(index.add(revocation('u', { ...user, revokedAtMs: 99 }), 0)).toBe(false)
    expect(index.find({ user: 'u', issuedAtMs: 101 })).toMatchObject({ revokedAtMs: 101 })
    expect(index.find({ user: 'u', issuedAtMs: 102 })).toBeUndefined()
    expect(index.add(revocation('s'), 0)).toBe(true)
    expect(index.add(revocation('s', { revokedAtMs: 101, forgetAtMs: 2000 }), 0)).toBe(false)
    index.prune(1999)
    expect(index.find(session('s'))).toMatchObject({ revokedAtMs: 100, forgetAtMs: 2000 })
  })

  it('is forgotten at its millisecond, a bounded number at a time', () => {
    const index = createRevocationIndex(10_000)
    for (let i = 0; i < 5000; i++) index.add(revocation(`s${i}`), 0)
    index.prune(999)
    expect(index.size).toBe(5000)
    index.prune(1000)
    index.prune(1000)
    expect(index.size).toBeGreaterThanOrEqual(1000)
    for (let i = 0; i < 6; i++) index.prune(1000)
    expect(index.size).toBe(0)
  })
})

describe('more revocations than there is room for', () => {
  const flood = 1000

  function setup() {
    const index = createRevocationIndex(100)
    for (let i = 0; i < flood; i++) index.add(revocation(`s${i}`), 0)
    return index
  }

  it('stay within the bound, and not one is denied: the store is asked', () => {
    const index = setup()
    expect(index.size).toBe(100)
    for (let i = 0; i < flood; i++) {
      expect(index.find(session(`s${i}`))).toEqual(i < 100 ? revocation(`s${i}`) : 'unsure')
    }
  })

  it('send hardly anybody else to the store', () => {
    const index = setup()
    let unsure = 0
    for (let i = 0; i < 10_000; i++) if (index.find(session(`other${i}`)) === 'unsure') unsure++
    expect(unsure).toBeLessThan(100)
  })

  it('are marked by kind: an account is not a session', () => {
    const index = setup()
    let unsure = 0
    for (let i = 100; i < flood; i++) if (index.find({ user: `s${i}`, issuedAtMs: 0 }) === 'unsure') unsure++
    expect(unsure).toBeLessThan(50)
  })

  it('leave no mark once all of them may be forgotten, and make room', () => {
    const index = setup()
    index.prune(999)
    expect(index.find(session('s999'))).toBe('unsure')
    index.prune(1000)
    expect(index.find(session('s999'))).toBeUndefined()
    expect(index.size).toBe(0)
    index.add(revocation('new', { forgetAtMs: 5000 }), 1000)
    expect(index.find(session('new'))).toMatchObject({ id: 'new' })
  })

  it('take the room of what may be forgotten without being told to', () => {
    const index = setup()
    index.add(revocation('late', { forgetAtMs: 5000 }), 1000)
    expect(index.find(session('late'))).toMatchObject({ id: 'late' })
    expect(index.size).toBe(1)
  })
})
