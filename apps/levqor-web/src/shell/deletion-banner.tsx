'use client'
// The account will be deleted: when, and the one press that keeps it.
import { undoDeletion } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { CalendarX2 } from 'lucide-react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { formatFull } from '../text/format-time.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { showToast } from '../ui/toaster.tsx'

interface DeletionBannerProps {
  readonly dueAt: string
  /** An operator who acts for the person may not decide it. */
  readonly mayUndo: boolean
}

export function DeletionBanner({ dueAt, mayUndo }: DeletionBannerProps) {
  const cache = useQueryClient()
  const keep = useAction({
    run: () => api.call(undoDeletion, {}),
    onDone: () => {
      showToast({ title: 'Your account stays' })
      void cache.invalidateQueries({ queryKey: queryKeys.me })
    },
    onFailed: (error) => showToast({ title: 'Could not undo it', text: error.message, tone: 'bad' }),
  })
  return (
    <div
      role="status"
      className="mb-8 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-panel bg-bad-wash px-4 py-3"
    >
      <CalendarX2 aria-hidden className="size-5 shrink-0 text-bad" />
      <p className="min-w-0 grow basis-56">
        <strong className="font-semibold">This account will be deleted</strong> on{' '}
        <time dateTime={dueAt}>{formatFull(Date.parse(dueAt))}</time>.
      </p>
      {mayUndo ? (
        <ActionButton action={keep} onClick={() => keep.start(undefined)}>
          {keep.pending ? 'Undoing…' : 'Keep my account'}
        </ActionButton>
      ) : null}
    </div>
  )
}
