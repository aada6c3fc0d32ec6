// How many words a text has, and which come most often.

export interface WordCounts {
  readonly total: number
  readonly unique: number
  /** The ten most frequent, most frequent first, equal counts in alphabetical order. */
  readonly top: readonly { readonly word: string; readonly count: number }[]
}

// Letters and digits of any script, with inner apostrophes and hyphens. Linear: the parts cannot overlap.
const word = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu

export function countWords(text: string): WordCounts {
  const counts = new Map<string, number>()
  let total = 0
  for (const [found] of text.matchAll(word)) {
    const key = found.toLowerCase()
    counts.set(key, (counts.get(key) ?? 0) + 1)
    total += 1
  }
  const ordered = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const top = ordered.slice(0, 10).map(([key, count]) => ({ word: key, count }))
  return { total, unique: counts.size, top }
}
