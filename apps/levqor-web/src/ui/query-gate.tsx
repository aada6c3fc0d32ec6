'use client'
// Shows what a query has: the shape while loading, the problem when it failed, the content otherwise.
import type { LevqorError } from '@levqor/client'
import { type ReactNode, useState } from 'react'
import { asLevqorError } from '../api/client.ts'
import { limitPauseMs } from '../api/create-query-client.ts'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'
import { ProblemNotice } from './problem-notice.tsx'
import { SkeletonRows } from './skeleton.tsx'
import { useSecondsLeft } from './use-seconds-left.ts'

interface Gated<Data> {
  readonly data: Data | undefined
  readonly error: Error | null
  /** Why it is being tried again. */
  readonly failureReason: Error | null
  readonly failureCount: number
  refetch(): Promise<unknown>
}

interface QueryGateProps<Data> {
  readonly query: Gated<Data>
  readonly loading?: ReactNode
  /** What a 404 says. */
  readonly missing?: string
  /** Shown when the question itself is refused, such as a filter out of an old address. */
  readonly unknown?: ReactNode
  readonly children: (data: Data) => ReactNode
}

export function QueryGate<Data>({ query, loading, missing, unknown, children }: QueryGateProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  const error = asLevqorError(query.error)
  if (!error) {
    const reason = asLevqorError(query.failureReason)
    if (reason?.status === 429) return <WaitingForLimit key={query.failureCount} error={reason} />
    return loading ?? <SkeletonRows />
  }
  if (error.status === 404 && missing) return <EmptyState title={missing}>{error.message}</EmptyState>
  if (error.status === 400 && unknown !== undefined) return unknown
  const again = (
    <Button size="small" onClick={() => void query.refetch()}>
      Try again
    </Button>
  )
  // What is not allowed is not allowed the next time, either.
  return <ProblemNotice error={error} actions={error.status === 403 ? undefined : again} />
}

/** A limit was met: the query tries again by itself, and until then the reader sees when. */
function WaitingForLimit({ error }: { readonly error: LevqorError }) {
  const [until] = useState(() => Date.now() + limitPauseMs(error))
  return <ProblemNotice error={error} secondsLeft={useSecondsLeft(until)} />
}
