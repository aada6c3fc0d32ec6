// How server data is cached: briefly, never across a sign-out, and politely towards the server's limits.
import type { LevqorError } from '@levqor/client'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { actingFor } from '../shell/acting-mark.ts'
import { markSessionEnded } from '../sign-in/ended-mark.ts'
import { isEntryPath, signInAddress } from '../sign-in/return-path.ts'
import { asLevqorError } from './client.ts'
import { queryKeys } from './query-keys.ts'

const transientStatuses: ReadonlySet<number> = new Set([0, 502, 503, 504])

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: leave }),
    mutationCache: new MutationCache({ onError: leave }),
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        refetchOnWindowFocus: true,
        retry: shouldRetry,
        retryDelay,
      },
      mutations: { retry: false },
    },
  })
  return client

  function leave(error: unknown): void {
    leaveWhenSignedOut(error, client.getQueryData(queryKeys.me) !== undefined)
  }
}

/** A limit is waited out however often it is met; a server that is away is tried twice more. */
function shouldRetry(failures: number, error: Error): boolean {
  const status = asLevqorError(error)?.status ?? -1
  return status === 429 ? failures < 20 : failures < 2 && transientStatuses.has(status)
}

function retryDelay(failures: number, error: Error): number {
  const known = asLevqorError(error)
  // What waited together must not come back all at once.
  if (known?.status === 429) return limitPauseMs(known) + Math.random() * 500
  return 1_000 * 2 ** failures
}

/** How long the server asks to wait after a 429, in milliseconds. */
export function limitPauseMs(error: LevqorError): number {
  return Math.max(1, error.retryAfter ?? 5) * 1_000
}

/**
 * A full page load, so that nothing of the former session stays in memory.
 * @param wasSignedIn the page has known somebody: they are told what happened
 */
function leaveWhenSignedOut(error: unknown, wasSignedIn: boolean): void {
  if (asLevqorError(error)?.status !== 401 || isEntryPath(location.pathname)) return
  const over = actingFor() !== undefined
  if (wasSignedIn && !over) markSessionEnded()
  location.assign(over ? '/acting-ended' : signInAddress(location.pathname + location.search))
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
