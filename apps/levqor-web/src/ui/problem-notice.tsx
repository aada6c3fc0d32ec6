'use client'
// The server's own words when something went wrong, with what helps to ask about it.
import type { LevqorError } from '@levqor/client'
import { CircleAlert, Hourglass } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

interface ProblemNoticeProps {
  readonly error: LevqorError
  /** Seconds until a refused action may be tried again. */
  readonly secondsLeft?: number
  readonly actions?: ReactNode
  readonly className?: string
}

export function ProblemNotice({ error, secondsLeft = 0, actions, className }: ProblemNoticeProps) {
  const waiting = error.status === 429
  const Icon = waiting ? Hourglass : CircleAlert
  return (
    <div
      role="alert"
      className={classNames(
        'flex gap-3 rounded-panel px-4 py-3',
        waiting ? 'bg-wait-wash' : 'bg-bad-wash',
        className,
      )}
    >
      <Icon
        aria-hidden
        className={classNames('mt-0.5 size-5 shrink-0', waiting ? 'text-wait' : 'text-bad')}
      />
      <div className="min-w-0 grow">
        <p className="font-semibold">{waiting ? 'A little too fast' : error.problem.title}</p>
        <p className="text-soft">
          {waiting ? 'The server asks for a short break. This will work again by itself' : error.message}
          {waiting ? (
            // Announced once, not every second.
            <span aria-hidden>{secondsLeft > 0 ? ` in ${secondsLeft} s.` : ' soon.'}</span>
          ) : null}
        </p>
        {error.problem.request_id && !waiting ? (
          <p className="mt-1 font-mono text-tiny text-soft">
            {error.code} · {error.problem.request_id}
          </p>
        ) : null}
        {actions ? <div className="mt-3 flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </div>
  )
}
