// What every store of revocations must do, as cases that any test runner can run. A new store passes these unchanged.
import assert from 'node:assert/strict'
import type { RevocationStore } from '../tokens/revocation/revocation-store.ts'
import type { Revocation, RevocationSubject } from '../tokens/revocation/revocations.ts'
import type { ConformanceCase } from './limit-store-cases.ts'

/** Opens an empty store, twice: as two processes see the same data. `close` is called after the case. */
export type OpenRevocationStores = () => Promise<{
  readonly stores: readonly [RevocationStore, RevocationStore]
  close(): Promise<void>
}>

const nowMs = 1_800_000_000_000
const all = 1000

function revocation(facts: Partial<Revocation> = {}): Revocation {
  return {
    kind: 'session',
    id: 's1',
    revokedAtMs: nowMs,
    forgetAtMs: nowMs + 900_000,
    cause: 'signed_out',
    ...facts,
  }
}

const subject: RevocationSubject = {
  session: 's1',
  family: 'f1',
  user: 'u1',
  key: 'k1',
  token: 't1',
  issuedAtMs: nowMs,
}

/**
 * The cases for one store.
 * @example
 * for (const { name, run } of revocationStoreCases(open)) it(name, run)
 */
export function revocationStoreCases(open: OpenRevocationStores): ConformanceCase[] {
  const caseOf = (
    name: string,
    body: (store: RevocationStore, other: RevocationStore) => Promise<void>,
  ): ConformanceCase => ({
    name,
    async run() {
      const { stores, close } = await open()
      try {
        await body(...stores)
      } finally {
        await close()
      }
    },
  })
  return [
    caseOf('nothing is revoked at first', async (store) => {
      assert.equal(await store.find(subject), undefined)
      assert.equal(await store.head(), 0)
      assert.deepEqual(await store.since(0, all), [])
    }),
    caseOf('each kind voids a credential that carries its id, and no other', async (store) => {
      const kinds = ['session', 'family', 'user', 'key', 'token'] as const
      for (const kind of kinds) {
        const id = subject[kind] ?? ''
        const made = revocation({ kind, id, cause: kind })
        assert.equal(await store.find({ [kind]: id, issuedAtMs: nowMs }), undefined)
        await store.add(made)
        assert.deepEqual(plain(await store.find({ [kind]: id, issuedAtMs: nowMs })), made)
        assert.equal(await store.find({ [kind]: `${id}x`, issuedAtMs: nowMs }), undefined)
        for (const other of kinds) {
          if (kinds.indexOf(other) <= kinds.indexOf(kind)) continue
          assert.equal(await store.find({ [other]: id, issuedAtMs: nowMs }), undefined)
        }
      }
      assert.equal((await store.find(subject))?.cause, 'token')
    }),
    caseOf('a user’s revocation spares what was issued a millisecond later', async (store) => {
      await store.add(revocation({ kind: 'user', id: 'u1' }))
      assert.notEqual(await store.find({ user: 'u1', issuedAtMs: nowMs }), undefined)
      assert.equal(await store.find({ user: 'u1', issuedAtMs: nowMs + 1 }), undefined)
    }),
    caseOf('of two revocations of a user the later counts, in either order', async (store) => {
      const early = revocation({ kind: 'user', id: 'u1', cause: 'early' })
      const late = revocation({ kind: 'user', id: 'u1', cause: 'late', revokedAtMs: nowMs + 5 })
      for (const made of [early, late, early]) await store.add(made)
      assert.deepEqual(plain(await store.find({ user: 'u1', issuedAtMs: nowMs })), late)
    }),
    caseOf('a second revocation of a session keeps the first cause and the longer memory', async (store) => {
      await store.add(revocation())
      await store.add(
        revocation({ revokedAtMs: nowMs + 5, forgetAtMs: nowMs + 1_000_000, cause: 'operator' }),
      )
      await store.add(revocation({ forgetAtMs: nowMs + 1 }))
      assert.deepEqual(
        plain(await store.find({ session: 's1', issuedAtMs: nowMs })),
        revocation({ forgetAtMs: nowMs + 1_000_000 }),
      )
    }),
    caseOf('readers page through everything in order, across processes', async (store, other) => {
      for (let i = 0; i < 25; i++) await (i % 2 === 0 ? store : other).add(revocation({ id: `s${i}` }))
      const seen: string[] = []
      let position = 0
      for (;;) {
        const page = await other.since(position, 10)
        if (page.length === 0) break
        assert.ok(page.length <= 10)
        for (const found of page) {
          assert.ok(found.position > position)
          position = found.position
          seen.push(found.id)
        }
      }
      assert.deepEqual(
        seen,
        Array.from({ length: 25 }, (_, i) => `s${i}`),
      )
      assert.equal(await store.head(), position)
    }),
    caseOf('what is revoked again appears again', async (store, other) => {
      await store.add(revocation({ kind: 'user', id: 'u1' }))
      const position = await other.head()
      await store.add(revocation({ kind: 'user', id: 'u1', revokedAtMs: nowMs + 9 }))
      assert.deepEqual(
        (await other.since(position, all)).map(({ id, revokedAtMs }) => [id, revokedAtMs]),
        [['u1', nowMs + 9]],
      )
    }),
    caseOf(
      'a reader that follows two busy writers misses nothing: no position appears behind it',
      async (store, other) => {
        const each = 60
        const seen = new Set<string>()
        let position = 0
        let writing = true
        const read = async () => {
          const page = await other.since(position, all)
          for (const found of page) seen.add(found.id)
          position = page.at(-1)?.position ?? position
        }
        const reader = (async () => {
          while (writing) {
            await read()
            await new Promise((resolve) => setImmediate(resolve))
          }
        })()
        const write = async (to: RevocationStore, name: string) => {
          await Promise.all(Array.from({ length: each }, (_, i) => to.add(revocation({ id: `${name}${i}` }))))
        }
        await Promise.all([write(store, 'a'), write(other, 'b')])
        writing = false
        await reader
        await read()
        assert.equal(seen.size, 2 * each)
      },
    ),
    caseOf('forgetting starts at its millisecond and takes nothing else', async (store) => {
      await store.add(revocation({ id: 'short', forgetAtMs: nowMs + 10 }))
      await store.add(revocation({ id: 'long', forgetAtMs: nowMs + 11 }))
      const head = await store.head()
      assert.equal(await store.prune(nowMs + 9), 0)
      assert.equal(await store.prune(nowMs + 10), 1)
      assert.equal(await store.find({ session: 'short', issuedAtMs: nowMs }), undefined)
      assert.notEqual(await store.find({ session: 'long', issuedAtMs: nowMs }), undefined)
      assert.equal(await store.head(), head)
    }),
  ]
}

/** The revocation itself; a store may add what it likes. */
function plain(found: Revocation | undefined): Revocation | undefined {
  if (found === undefined) return undefined
  const { kind, id, revokedAtMs, forgetAtMs, cause } = found
  return { kind, id, revokedAtMs, forgetAtMs, cause }
}
