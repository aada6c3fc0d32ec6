'use client'
// A list that grows by keyset pages and, when asked, keeps itself fresh.
import { useInfiniteQuery } from '@tanstack/react-query'
import { refreshInterval } from './create-query-client.ts'

interface Page<Item> {
  readonly items: readonly Item[]
  readonly next_cursor: string | null
  readonly has_more: boolean
}

interface PagesOptions<Item> {
  readonly queryKey: readonly unknown[]
  readonly load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>
  /** Milliseconds between refreshes, given what is on show; left out: none. */
  readonly refreshMs?: (items: readonly Item[]) => number
}

export function usePages<Item>({ queryKey, load, refreshMs }: PagesOptions<Item>) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined, // Typed here: inference would see only `undefined`.
    getNextPageParam: (page) => (page.has_more ? (page.next_cursor ?? undefined) : undefined),
    refetchInterval: ({ state }) =>
      refreshMs
        ? refreshInterval(state.error, refreshMs(state.data?.pages.flatMap((page) => page.items) ?? []))
        : false,
  })
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) }
}

/** The items of all pages as one result, for whoever shows them. */
export function itemsOf<Item>(
  query: Pick<
    ReturnType<typeof usePages<Item>>,
    'items' | 'error' | 'failureReason' | 'failureCount' | 'refetch'
  >,
) {
  const { items, error, failureReason, failureCount, refetch } = query
  return { data: items, error, failureReason, failureCount, refetch }
}
