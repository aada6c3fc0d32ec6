// UUIDv7 generators (RFC 9562 section 5.7): a random one, and a replayable one.
import { randomFillSync } from 'node:crypto'

/** Structural: every package declares the same shape for itself. */
export interface Ids {
  /** A UUIDv7 in canonical text, strictly greater than the one before from the same generator. */
  next(): string
}

/**
 * Real identifiers: time-ordered and random. Strictly increasing within one generator, also inside one
 * millisecond and when the machine's clock steps back (RFC 9562 section 6.2, method 1: the 12 bits of
 * `rand_a` are a counter; when it overflows the timestamp is moved on by one).
 */
export function realIds(now: () => number = Date.now): Ids {
  const random = new Uint8Array(8)
  return monotonic(now, () => randomFillSync(random))
}

/**
 * The same identifiers in every run. Two generators with different seeds never meet.
 *
 * @param seed any integer; print it when a randomised test fails
 */
export function seededIds(seed = 1): Ids {
  const next = mulberry32(seed)
  const bytes = new Uint8Array(8)
  let ms = Date.UTC(2026, 0, 5)
  return monotonic(
    () => ms++,
    () => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(next() * 256)
      return bytes
    },
  )
}

/** Small seeded generator of numbers in [0, 1) for replayable tests; not for secrets. */
export function seededRandom(seed: number): () => number {
  return mulberry32(seed)
}

function monotonic(now: () => number, random: () => Uint8Array): Ids {
  let lastMs = -1
  let counter = 0
  return {
    next() {
      const ms = now()
      if (ms > lastMs) {
        lastMs = ms
        counter = 0
      } else if (++counter > 0xfff) {
        lastMs += 1
        counter = 0
      }
      return format(lastMs, counter, random())
    },
  }
}

function format(ms: number, counter: number, tail: Uint8Array): string {
  const time = ms.toString(16).padStart(12, '0')
  const bytes = Buffer.from(tail)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80 // variant 10
  const hex = bytes.toString('hex')
  const version = `7${counter.toString(16).padStart(3, '0')}`
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${hex.slice(0, 4)}-${hex.slice(4)}`
}

// Tommy Ettinger's mulberry32: 32 bits of state are plenty for test data and the sequence is stable everywhere.
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
