// A page of a list as the API shows it.

export interface Page<F> {
  readonly items: readonly F[]
  /** Null: the last page. */
  readonly nextCursor: string | null
}

export function presentPage<F, P>(present: (facts: F) => P) {
  return ({ items, nextCursor }: Page<F>) => ({
    items: items.map(present),
    next_cursor: nextCursor,
    has_more: nextCursor !== null,
  })
}
