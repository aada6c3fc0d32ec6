'use client'
// Shows what a query has: the shape while loading, the problem when it failed, the content otherwise.
import type { ReactNode } from 'react'
import { asLevqorError } from '../api/client.ts'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'
import { ProblemNotice } from './problem-notice.tsx'
import { SkeletonRows } from './skeleton.tsx'

interface Gated<Data> {
  readonly data: Data | undefined
  readonly error: Error | null
  refetch(): Promise<unknown>
}

interface QueryGateProps<Data> {
  readonly query: Gated<Data>
  readonly loading?: ReactNode
  /** What a 404 says. */
  readonly missing?: string
  readonly children: (data: Data) => ReactNode
}

export function QueryGate<Data>({ query, loading, missing, children }: QueryGateProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  const error = asLevqorError(query.error)
  if (!error) return loading ?? <SkeletonRows />
  if (error.status === 404 && missing) return <EmptyState title={missing}>{error.message}</EmptyState>
  const again = (
    <Button size="small" onClick={() => void query.refetch()}>
      Try again
    </Button>
  )
  return <ProblemNotice error={error} actions={again} />
}
