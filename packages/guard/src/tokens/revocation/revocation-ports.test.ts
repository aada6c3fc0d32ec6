import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { revocationBusCases, revocationStoreCases } from '../../conformance/index.ts'
import { createRevocations } from './create-revocations.ts'
import { inProcessRevocationBus } from './in-process-bus.ts'
import { createMemoryRevocationStore } from './memory-revocation-store.ts'
import type { RevocationListener } from './revocation-bus.ts'
import { readRevocation, voids } from './revocation-rules.ts'

describe('the memory store keeps the contract of every store of revocations', () => {
  const cases = revocationStoreCases(async () => {
    const store = createMemoryRevocationStore()
    return { stores: [store, store], close: async () => {} }
  })
  for (const { name, run } of cases) it(name, run)

  it('prunes no more than a thousand at once', async () => {
    const store = createMemoryRevocationStore()
    for (let i = 0; i < 1500; i++) {
      await store.add({ kind: 'token', id: `t${i}`, revokedAtMs: 0, forgetAtMs: 1, cause: 'operator' })
    }
    expect([await store.prune(1), await store.prune(1)]).toEqual([1000, 500])
  })
})

describe('the bus within one process keeps the contract of every bus', () => {
  const cases = revocationBusCases(async () => {
    const channel = new Set<RevocationListener>()
    const [one, other] = [inProcessRevocationBus(channel), inProcessRevocationBus(channel)]
    return {
      ends: [
        { bus: one, tell: (revocation) => one.publish(revocation) },
        { bus: other, tell: (revocation) => other.publish(revocation) },
      ],
      close: async () => {},
    }
  })
  for (const { name, run } of cases) it(name, run)

  it('is never silent, whatever the clock says', async () => {
    let now = 0
    const revocations = createRevocations({
      store: createMemoryRevocationStore(),
      bus: inProcessRevocationBus(),
      clock: { now: () => now },
    })
    onTestFinished(() => revocations.stop())
    await vi.waitUntil(() => revocations.alive)
    now = 10 ** 12
    expect(revocations.alive).toBe(true)
    now = 0
    expect(revocations.alive).toBe(true)
  })
})

describe('a message from elsewhere', () => {
  const good = { kind: 'session', id: 's1', revokedAtMs: 1, forgetAtMs: 2, cause: 'signed_out' }

  it('is a revocation and nothing more', () => {
    expect(readRevocation({ ...good, extra: 'x' })).toEqual(good)
  })

  it.each([
    [null],
    [undefined],
    ['text'],
    [[]],
    [{}],
    [{ ...good, kind: 'everything' }],
    [{ ...good, kind: '__proto__' }],
    [{ ...good, id: '' }],
    [{ ...good, id: 1 }],
    [{ ...good, id: 'i'.repeat(257) }],
    [{ ...good, cause: undefined }],
    [{ ...good, revokedAtMs: '1' }],
    [{ ...good, revokedAtMs: 1.5 }],
    [{ ...good, forgetAtMs: Number.NaN }],
    [{ ...good, forgetAtMs: null }],
  ])('%j is none', (value) => {
    expect(readRevocation(value)).toBeUndefined()
  })
})

describe('a revocation voids', () => {
  const ended = { revokedAtMs: 100, forgetAtMs: 200, cause: 'operator' }
  const subject = { session: 's1', user: 'u1', issuedAtMs: 100 }

  it.each([
    ['what carries its id', 'session', 's1', true],
    ['nothing of another id', 'session', 's2', false],
    ['nothing of another kind', 'family', 's1', false],
    ['a user’s credentials up to its millisecond', 'user', 'u1', true],
    ['nobody else’s', 'user', 'u2', false],
  ] as const)('%s', (_, kind, id, expected) => {
    expect(voids({ kind, id, ...ended }, subject)).toBe(expected)
  })

  it('none of a user’s later credentials, and all of a session however late they come', () => {
    const later = { ...subject, issuedAtMs: 101 }
    expect(voids({ kind: 'user', id: 'u1', ...ended }, later)).toBe(false)
    expect(voids({ kind: 'session', id: 's1', ...ended }, later)).toBe(true)
  })
})
