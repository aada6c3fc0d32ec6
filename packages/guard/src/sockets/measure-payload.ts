// How large and how deep a decoded payload is. A frame of 100 KB can hold 50,000 nested arrays: whoever relays such a
// value through a recursive encoder (Socket.IO's search for binaries is one) ends with its stack, and the process with
// it. Walks with a list of its own and stops at the cap, so that measuring costs no more than what is allowed.

/** Deeper than any honest message, far below any stack. */
const maxDepth = 64

/**
 * Whether values fit. Counts what they take as JSON at least (escapes and white space are not counted), binaries by
 * their bytes. Functions (acknowledgements) count nothing.
 */
export function payloadFits(values: readonly unknown[], maxBytes: number): boolean {
  let left = maxBytes
  let level: readonly unknown[] = values
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return false
    const next: unknown[] = []
    for (const value of level) {
      left -= costOf(value, left)
      if (left < 0) return false
      if (typeof value !== 'object' || value === null || isBinary(value)) continue
      if (Array.isArray(value)) {
        if (value.length > left) return false
        for (const member of value) next.push(member)
        continue
      }
      for (const [name, member] of Object.entries(value)) {
        left -= costOf(name, left)
        if (left < 0) return false
        next.push(member)
      }
    }
    level = next
  }
  return true
}

/** Each with the comma or colon that follows it; a bracket's partner is the comma that its last member lacks. */
function costOf(value: unknown, left: number): number {
  switch (typeof value) {
    case 'function':
      return 0
    case 'string':
      // A string has at least as many bytes as units: a long one need not be read to be refused.
      return (value.length > left ? value.length : Buffer.byteLength(value)) + 3
    case 'number':
      return String(value).length + 1
    case 'object':
      if (value === null) return 5
      return isBinary(value) ? value.byteLength : 1
    default:
      return 5
  }
}

function isBinary(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value)
}
