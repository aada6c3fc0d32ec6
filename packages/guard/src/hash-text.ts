// A quick hash for tables in memory. The seed is per process: nobody can aim at one bucket from outside.

const seed = (Math.random() * 0x100000000) >>> 0

/** FNV-1a over UTF-16 units, mixed once more: 32 bits, of which the high ones are the best. `salt` tells kinds apart. */
export function hashText(text: string, salt = 0): number {
  let h = Math.imul(seed ^ salt, 0x01000193)
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h ^= h >>> 16
  return Math.imul(h, 0x85ebca6b) >>> 0
}
