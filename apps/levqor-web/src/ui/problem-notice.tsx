'use client'
// The server's own words when something went wrong, with what helps to ask about it.
import type { LevqorError } from '@levqor/client'
import { CircleAlert, Hourglass } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatWait } from '../text/format-wait.ts'
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
  const [title, text] = wordsOf(error)
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
        <p className="font-semibold">{title}</p>
        <p className="text-soft">
          {text}
          {waiting ? (
            // Announced once, not every second.
            <span aria-hidden>{secondsLeft > 0 ? ` in ${formatWait(secondsLeft)}.` : ' soon.'}</span>
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

function wordsOf({ code, status, message, problem }: LevqorError): readonly [title: string, text: string] {
  if (code === 'locked') {
    return [
      'Too many wrong guesses',
      'Nothing more is looked at for a while. A mailed link, a passkey or a new password by mail gets you in now; this works again',
    ]
  }
  if (status === 429) {
    return ['A little too fast', 'The server asks for a short break. This will work again by itself']
  }
  if (code === 'invalid_credentials') return [problem.title, 'The address or the password is wrong.']
  return [problem.title, message]
}
