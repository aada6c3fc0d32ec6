// Medians: one disturbed round must not move a result.

/** @throws Error when there is nothing to take the median of */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) throw new Error('There is no median of no values.')
  return (lower + upper) / 2
}

export interface Summary {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

export function summarise(values: readonly number[]): Summary {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) }
}
