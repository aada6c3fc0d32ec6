// One event: what happened, how urgent, when, and who or where as far as the guard may know.
import type { SecurityEvent } from '@levqor/client'
import { classNames } from '../ui/class-names.ts'
import { toneClasses } from '../ui/state-look.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { describeEvent } from './describe-event.ts'
import type { EventFilter } from './event-filter.ts'
import { severityLooks } from './event-words.ts'

interface EventRowProps {
  readonly event: SecurityEvent
  /** Narrows the list to what this event shares with others. */
  readonly onPick: (filter: EventFilter) => void
}

export function EventRow({ event, onPick }: EventRowProps) {
  const look = severityLooks[event.severity]
  const tone = toneClasses[look.tone]
  const { title, details } = describeEvent(event)
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-6 border-b border-line py-3.5">
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5 text-small text-faint">
          <code className="font-mono text-tiny leading-[1.7]">{event.event}</code>
          {details.map(([name, value]) => (
            <span key={name} className="wrap-anywhere">
              {name} <span className="text-soft">{value}</span>
            </span>
          ))}
        </p>
        <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-small">
          <Pick words="from" value={event.address} onPick={(address) => onPick({ address })} />
          <Pick words="by" value={event.actor_id} onPick={(actor_id) => onPick({ actor_id })} />
          <Pick words="request" value={event.request_id} onPick={(request_id) => onPick({ request_id })} />
        </p>
      </div>
      <div className="flex flex-col items-end gap-1">
        <span
          className={classNames(
            'inline-flex h-6 items-center gap-1.5 rounded-tag px-2 text-tiny font-semibold',
            tone.ink,
            tone.wash,
          )}
        >
          <look.icon aria-hidden className="size-3.5" />
          {look.word}
        </span>
        <TimeAgo time={event.time} className="text-small whitespace-nowrap text-faint" />
      </div>
    </li>
  )
}

interface PickProps {
  readonly words: string
  readonly value: string | null
  readonly onPick: (value: string) => void
}

function Pick({ words, value, onPick }: PickProps) {
  if (value === null) return null
  return (
    <button
      type="button"
      title={`Only events ${words} ${value}`}
      onClick={() => onPick(value)}
      className="min-h-6 max-w-full truncate rounded-tag text-faint underline decoration-dotted underline-offset-3 hover:text-ink hover:decoration-solid"
    >
      {words} <code className="font-mono text-tiny">{value}</code>
    </button>
  )
}
