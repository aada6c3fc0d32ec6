'use client'
// What this installation offers to whoever is not signed in; undefined while nobody knows.
import { type CallAnswer, getSignInMethods } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useHydrated } from '../shell/use-hydrated.ts'

export function useSignInMethods(): CallAnswer<typeof getSignInMethods> | undefined {
  const hydrated = useHydrated()
  const methods = useQuery({
    queryKey: queryKeys.signInMethods,
    queryFn: ({ signal }) => api.call(getSignInMethods, { signal }),
    staleTime: 60_000,
  })
  return hydrated ? methods.data : undefined
}
