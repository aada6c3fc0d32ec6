'use client'
// Who is signed in. A 401 leads to the sign-in page (see create-query-client).
import { getMe } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useHydrated } from './use-hydrated.ts'

export function useMe() {
  const hydrated = useHydrated()
  const { data, error, failureReason, failureCount, refetch } = useQuery({
    queryKey: queryKeys.me,
    queryFn: ({ signal }) => api.call(getMe, { signal }),
    staleTime: 5 * 60_000,
  })
  return { data: hydrated ? data : undefined, error, failureReason, failureCount, refetch }
}

/** True unless the role is known to only look. The server decides in any case. */
export function useMayWrite(): boolean {
  return useMe().data?.workspace.role !== 'viewer'
}
