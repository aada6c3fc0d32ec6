// One mail in the list; the whole row opens it.
import type { OutboxMail } from '@levqor/client'
import { classNames } from '../ui/class-names.ts'
import { toneClasses } from '../ui/state-look.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { mailStates } from './mail-state.ts'

interface MailRowProps {
  readonly mail: OutboxMail
  readonly onRead: (mail: OutboxMail) => void
}

export function MailRow({ mail, onRead }: MailRowProps) {
  const state = mailStates[mail.state]
  const tone = toneClasses[state.tone]
  return (
    <li className="border-b border-line">
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => onRead(mail)}
        className="-mx-3 grid w-[calc(100%+1.5rem)] grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 rounded-control px-3 py-3.5 text-left hover:bg-hover"
      >
        <span className="min-w-0">
          <span className="block truncate font-medium">{mail.subject}</span>
          <span className="block truncate text-small text-faint">to {mail.to}</span>
        </span>
        <span className="flex flex-col items-end gap-1">
          <span
            className={classNames(
              'inline-flex h-6 items-center rounded-tag px-2 text-tiny font-semibold',
              tone.ink,
              tone.wash,
            )}
          >
            {state.word}
          </span>
          <TimeAgo time={mail.created_at} className="text-small text-faint" />
        </span>
      </button>
    </li>
  )
}
