'use client'
// One dead letter: what it was, why it died, and the way back.
import { type DeadLetter, retryDeadLetters } from '@levqor/client'
import { useQueryClient } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { useAction } from '../api/use-action.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toaster.tsx'

const diesAgainWithinMs = 3_000

interface DeadLetterRowProps {
  readonly letter: DeadLetter
  readonly mayRetry: boolean
}

export function DeadLetterRow({ letter, mayRetry }: DeadLetterRowProps) {
  const cache = useQueryClient()
  const retry = useAction({
    run: () => api.call(retryDeadLetters, { body: { job_ids: [letter.job_id] } }),
    onDone: (answer) => {
      const found = answer.redriven.length > 0
      showToast(
        found
          ? { title: 'Running again', text: `${letter.workflow} goes on where it stopped.` }
          : { title: 'Nothing to run again', text: 'Someone else may have been quicker.' },
      )
      void cache.invalidateQueries({ queryKey: queryKeys.jobs })
      void cache.invalidateQueries({ queryKey: queryKeys.deadLetters })
      // One that dies again at once is back by then, and must not look as if it had been cured.
      setTimeout(() => void cache.invalidateQueries({ queryKey: queryKeys.deadLetters }), diesAgainWithinMs)
    },
    onFailed: (error) => {
      if (error.status !== 429) showToast({ title: error.problem.title, text: error.message, tone: 'bad' })
    },
  })
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-3 border-b border-line py-4">
      <div className="min-w-0 grow basis-72">
        <PageLink
          href={`/jobs/${letter.job_id}`}
          className="rounded-tag font-medium underline-offset-3 hover:underline"
        >
          {letter.workflow}
        </PageLink>
        {letter.error ? <p className="text-bad">{letter.error.message}</p> : null}
        <p className="mt-1 text-small text-faint">
          died <TimeAgo time={letter.died_at} />
          <span className="mx-2">·</span>
          {letter.attempts} {letter.attempts === 1 ? 'attempt' : 'attempts'}
          {letter.crashes > 0 ? `, ${letter.crashes} of them crashed` : ''}
          {letter.redrives > 0
            ? `, brought back ${letter.redrives === 1 ? 'once' : `${letter.redrives} times`}`
            : ''}
          {letter.error?.step ? (
            <>
              <span className="mx-2">·</span>in step{' '}
              <code className="font-mono text-tiny">{letter.error.step}</code>
            </>
          ) : null}
        </p>
      </div>
      <ActionButton
        action={retry}
        size="small"
        icon={<RotateCcw aria-hidden />}
        disabled={!mayRetry}
        aria-label={retry.secondsLeft > 0 ? undefined : `Run again: ${letter.workflow}`}
        onClick={() => retry.start(undefined)}
      >
        {retry.pending ? 'Starting…' : 'Run again'}
      </ActionButton>
    </li>
  )
}
