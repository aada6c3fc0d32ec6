// Identifiers of this process: UUIDv7, so that rows made one after another lie next to each other in every index.
import { randomFillSync } from 'node:crypto'
import { type Clock, systemClock } from '@levqor/guard'

/** Structural: anything that makes UUIDv7 text (RFC 9562). */
export interface Ids {
  next(): string
}

const poolBytes = 8 * 512

/**
 * Strictly increasing within one generator, also inside one millisecond and when the clock steps back: `rand_a` is a
 * counter (RFC 9562 section 6.2, method 1), the other 62 bits are random.
 */
export function createIds(clock: Clock = systemClock): Ids {
  // Asking the kernel for 8 bytes at a time costs more than the rest of an identifier.
  const pool = Buffer.alloc(poolBytes)
  let offset = poolBytes
  let lastMs = -1
  let counter = 0

  return {
    next() {
      const now = clock.now()
      if (now > lastMs) {
        lastMs = now
        counter = 0
      } else if (++counter > 0xfff) {
        lastMs += 1
        counter = 0
      }
      if (offset === poolBytes) {
        randomFillSync(pool)
        offset = 0
      }
      pool[offset] = ((pool[offset] ?? 0) & 0x3f) | 0x80
      const tail = pool.toString('hex', offset, offset + 8)
      offset += 8
      const time = lastMs.toString(16).padStart(12, '0')
      const version = `7${counter.toString(16).padStart(3, '0')}`
      return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${tail.slice(0, 4)}-${tail.slice(4)}`
    },
  }
}
