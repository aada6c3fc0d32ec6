'use client'
// Cancel (after a question) and run again. The server says which of them the reader may.
import { cancelJob, type JobDetail, retryJob } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { showToast } from '../ui/toaster.tsx'
import { isOver } from './is-over.ts'

export function JobActions({ job }: { readonly job: JobDetail }) {
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const params = { id: job.job_id }

  const cancel = useAction({
    run: () => api.call(cancelJob, { params }),
    onDone: () => {
      setAsking(false)
      showToast({ title: 'The job is being cancelled' })
      void cache.invalidateQueries({ queryKey: queryKeys.jobs })
    },
  })
  const retry = useAction({
    run: () => api.call(retryJob, { params }),
    onDone: (back) => {
      showToast({ title: 'Running again', text: 'Finished steps are kept.' })
      // At once, so that the page goes live before the next answer arrives.
      cache.setQueryData<JobDetail>(
        queryKeys.job(job.job_id),
        (known) => known && { ...known, status: back.status },
      )
      void cache.invalidateQueries({ queryKey: queryKeys.jobs })
    },
    onFailed: (error) => {
      if (error.status !== 429) showToast({ title: error.problem.title, text: error.message, tone: 'bad' })
    },
  })
  return (
    <>
      {job.can.cancel ? (
        <Button tone="danger" onClick={() => setAsking(true)}>
          Cancel job
        </Button>
      ) : null}
      {job.can.retry ? (
        <ActionButton
          action={retry}
          tone="primary"
          icon={<RotateCcw aria-hidden />}
          onClick={() => retry.start(undefined)}
        >
          {retry.pending ? 'Starting…' : 'Run again'}
        </ActionButton>
      ) : null}
      {isOver(job.status) && !job.can.retry ? (
        <ButtonLink href={`/workflows/${job.workflow}/run?from=${job.job_id}`}>Start another</ButtonLink>
      ) : null}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Cancel this job?"
        confirm={cancel.pending ? 'Cancelling…' : 'Cancel the job'}
        cancel="Let it run"
        action={{ ...cancel, start: () => cancel.start(undefined) }}
      >
        The step that is running is told to stop, and no further step begins. What finished steps have done
        stays done. It can be brought back later.
      </ConfirmDialog>
    </>
  )
}
