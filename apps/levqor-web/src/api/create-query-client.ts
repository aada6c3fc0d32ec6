// How server data is cached: briefly, never across a sign-out, and politely towards the server's limits.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { signInAddress } from '../sign-in/return-path.ts'
import { asLevqorError } from './client.ts'

const transientStatuses: ReadonlySet<number> = new Set([0, 502, 503, 504])

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && transientStatuses.has(asLevqorError(error)?.status ?? -1),
      },
      mutations: { retry: false },
    },
  })
}

/** A full page load, so that nothing of the former session stays in memory. */
function leaveWhenSignedOut(error: unknown): void {
  if (asLevqorError(error)?.status !== 401 || location.pathname.startsWith('/sign-in')) return
  location.assign(signInAddress(location.pathname + location.search))
}

/**
 * Time to the next refresh of a list: never sooner than a limit allows.
 *
 * @param error last error of the query
 * @param usualMs the interval when all is well
 */
export function refreshInterval(error: unknown, usualMs: number): number {
  const known = asLevqorError(error)
  if (!known) return usualMs
  return Math.max(usualMs, (known.retryAfter ?? 0) * 1_000, 10_000)
}
