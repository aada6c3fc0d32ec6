'use client'
// Runs all dead letters of a workflow again, after showing how many that is.
import { retryDeadLetters } from '@levqor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toaster.tsx'

interface RetryAllDialogProps {
  readonly workflow: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

export function RetryAllDialog({ workflow, open, onOpenChange }: RetryAllDialogProps) {
  const cache = useQueryClient()
  const preview = useQuery({
    queryKey: [...queryKeys.deadLetters, 'preview', workflow],
    queryFn: () => api.call(retryDeadLetters, { body: { workflow, preview: true } }),
    enabled: open,
    staleTime: 0,
    gcTime: 0,
  })
  const retry = useAction({
    run: () => api.call(retryDeadLetters, { body: { workflow } }),
    onDone: (answer) => {
      onOpenChange(false)
      showToast({ title: `${countOf(answer.redriven.length)} running again` })
      void cache.invalidateQueries({ queryKey: queryKeys.deadLetters })
      void cache.invalidateQueries({ queryKey: queryKeys.jobs })
    },
  })
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        retry.forgetError()
        onOpenChange(next)
      }}
      title={`Run all of ${workflow} again?`}
      tone="primary"
      cancel="Not now"
      confirm={retry.pending ? 'Starting…' : 'Run them again'}
      disabled={!preview.data || preview.data.matched === 0}
      action={{ ...retry, start: () => retry.start(undefined) }}
    >
      <QueryGate query={preview} loading={<SkeletonRows rows={1} />}>
        {(data) => (
          <p>
            {data.matched === 0
              ? 'There is nothing left to run again.'
              : `${countOf(data.matched)} will be queued again. Finished steps are kept; each job goes on where it stopped.`}
          </p>
        )}
      </QueryGate>
    </ConfirmDialog>
  )
}

function countOf(count: number): string {
  return `${count} ${count === 1 ? 'dead letter' : 'dead letters'}`
}
