'use client'
// Notices within seconds that the session has ended somewhere else, also on a page that asks for nothing by itself. Hidden
// pages ask nothing; when they come to sight, they ask at once.
import { watchSession } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { refreshInterval } from '../api/create-query-client.ts'
import { queryKeys } from '../api/query-keys.ts'

const everyMs = 5_000

export function SessionWatch() {
  // A 401 leads to the sign-in page (see create-query-client).
  useQuery({
    queryKey: queryKeys.session,
    async queryFn({ signal }) {
      await api.call(watchSession, { signal })
      return true
    },
    // The page's own first questions tell as much.
    initialData: true,
    staleTime: everyMs,
    refetchInterval: ({ state }) => refreshInterval(state.error, everyMs),
    refetchOnWindowFocus: 'always',
  })
  return null
}
