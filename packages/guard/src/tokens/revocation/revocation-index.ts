// What is revoked, in memory, within a fixed bound. What does not fit leaves a mark in a field of bits instead: a
// credential that meets a mark is looked up in the store, one that meets none is certainly not revoked. So a flood of
// revocations makes checks dearer, never wrong.
import { hashText } from '../../hash-text.ts'
import { mergeRevocations, revocationKinds, voids } from './revocation-rules.ts'
import type { Revocation, RevocationKind, RevocationSubject } from './revocations.ts'

/** Answers from memory. */
export interface RevocationIndex {
  /** The revocation that voids a credential; `unsure` when only the store knows. */
  find(subject: RevocationSubject): Revocation | 'unsure' | undefined
  /** Adds one. True when it ends something that had not ended yet, as far as is known here. */
  add(revocation: Revocation, nowMs: number): boolean
  /** Forgets what may be forgotten, looking at no more than 2,000 entries. */
  prune(nowMs: number): void
  readonly size: number
}

type Table = Map<string, Revocation>

const pruneSteps = 2000
/** 128 KB; the marks of 2,600 revocations send one in a hundred checks of four ids each to the store. */
const markBits = 1 << 20

/** @param maxEntries revocations remembered one by one */
export function createRevocationIndex(maxEntries: number): RevocationIndex {
  const tables: Readonly<Record<RevocationKind, Table>> = {
    token: new Map(),
    session: new Map(),
    family: new Map(),
    key: new Map(),
    user: new Map(),
  }
  let size = 0
  let marks: Uint8Array | undefined
  let marksUntilMs = 0
  let hand = entries()
  return {
    find(subject) {
      // Asked for every request, and mostly there is nothing to find.
      if (size === 0 && marks === undefined) return undefined
      for (const kind of revocationKinds) {
        const id = subject[kind]
        if (id === undefined) continue
        const table = tables[kind]
        if (table.size === 0) continue
        const found = table.get(id)
        if (found !== undefined && voids(found, subject)) return found
      }
      return marks !== undefined && isMarked(marks, subject) ? 'unsure' : undefined
    },
    add(revocation, nowMs) {
      const { kind, id } = revocation
      const table = tables[kind]
      const known = table.get(id)
      if (known !== undefined) {
        const merged = mergeRevocations(known, revocation)
        table.set(id, merged)
        return merged.revokedAtMs > known.revokedAtMs
      }
      if (size >= maxEntries) prune(nowMs)
      if (size >= maxEntries) {
        mark(revocation)
        return true
      }
      table.set(id, revocation)
      size++
      return true
    },
    prune,
    get size() {
      return size
    },
  }

  function prune(nowMs: number): void {
    if (nowMs >= marksUntilMs) marks = undefined
    for (let step = 0; step < pruneSteps; step++) {
      const next = hand.next()
      if (next.done) {
        hand = entries()
        return
      }
      const { kind, id, forgetAtMs } = next.value
      if (forgetAtMs <= nowMs && tables[kind].delete(id)) size--
    }
  }

  /** Goes on where it stopped, also when entries come and go meanwhile. */
  function* entries(): Generator<Revocation, void> {
    for (const kind of revocationKinds) yield* tables[kind].values()
  }

  function mark({ kind, id, forgetAtMs }: Revocation): void {
    marks ??= new Uint8Array(markBits / 8)
    const bit = bitOf(kind, id)
    marks[bit >>> 3] = (marks[bit >>> 3] ?? 0) | (1 << (bit & 7))
    marksUntilMs = Math.max(marksUntilMs, forgetAtMs)
  }

  function isMarked(field: Uint8Array, subject: RevocationSubject): boolean {
    return revocationKinds.some((kind) => {
      const id = subject[kind]
      if (id === undefined) return false
      const bit = bitOf(kind, id)
      return ((field[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0
    })
  }
}

/** 20 bits: a place in the field of marks. */
function bitOf(kind: RevocationKind, id: string): number {
  return hashText(id, revocationKinds.indexOf(kind)) >>> 12
}
