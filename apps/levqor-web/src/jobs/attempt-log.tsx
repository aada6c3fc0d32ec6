// Every time a worker took the job: when, who, how it ended, and when the next try comes.
import type { JobAttempt } from '@levqor/client'
import { formatClock, formatDuration } from '../text/format-time.ts'
import { StateSign } from '../ui/state-badge.tsx'
import { stateLooks } from '../ui/state-look.ts'
import { TimeAgo } from '../ui/time-ago.tsx'

export function AttemptLog({ attempts }: { readonly attempts: readonly JobAttempt[] }) {
  if (attempts.length === 0) return <p className="text-small text-faint">No worker has taken it yet.</p>
  return (
    <ol className="flex flex-col">
      {attempts.map((attempt) => (
        <li
          key={attempt.number}
          className="relative flex gap-3 pb-5 text-small before:absolute before:top-7 before:bottom-1 before:left-2 before:w-px before:bg-line last:pb-0 last:before:hidden"
        >
          <span className="mt-0.5">
            <StateSign state={attempt.state} />
          </span>
          <div className="min-w-0">
            <p className="font-medium">
              Attempt {attempt.number} <span className="font-normal text-faint">·</span>{' '}
              <span aria-hidden>{stateLooks[attempt.state].word.toLowerCase()}</span>
            </p>
            <p className="text-faint">
              <time dateTime={attempt.started_at}>{formatClock(Date.parse(attempt.started_at))}</time>
              {attempt.finished_at
                ? `, ${formatDuration(Date.parse(attempt.finished_at) - Date.parse(attempt.started_at))}`
                : ''}
            </p>
            {attempt.error ? <p className="mt-1 text-bad">{attempt.error.message}</p> : null}
            {attempt.retry_at ? (
              <p className="mt-1 text-soft">
                Next try <TimeAgo time={attempt.retry_at} />
              </p>
            ) : null}
            <p className="mt-1 truncate font-mono text-tiny text-faint" title={attempt.worker}>
              {attempt.worker}
            </p>
          </div>
        </li>
      ))}
    </ol>
  )
}
