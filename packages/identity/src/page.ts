// Lists of the API in pages.
import { encodeCursor } from '@levqor/database'

export interface Page<F> {
  readonly items: readonly F[]
  /** Null on the last page. */
  readonly nextCursor: string | null
}

/** @param rows ordered by their id, one more than fits if there are more */
export function pageOf<F extends { readonly id: string }>(rows: readonly F[], limit: number): Page<F> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null }
}

export function presentPage<F, P>(present: (facts: F) => P) {
  return ({ items, nextCursor }: Page<F>) => ({
    items: items.map(present),
    next_cursor: nextCursor,
    has_more: nextCursor !== null,
  })
}
