// Whether anything needs attention, before any single event is read.
import type { SecuritySummary } from '@levqor/client'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { TimeAgo } from '../ui/time-ago.tsx'
import type { EventFilter } from './event-filter.ts'
import { eventWords } from './event-words.ts'

interface DaySummaryProps {
  readonly summary: SecuritySummary
  readonly onPick: (filter: EventFilter) => void
}

export function SecurityVerdict({ summary }: { readonly summary: SecuritySummary }) {
  const lowered = summary.protections.filter(({ mode }) => mode !== 'enforce')
  const worries = [
    ...lowered.map(({ name, mode }) => `${name} ${mode === 'off' ? 'is off' : 'only observes'}`),
    ...(summary.events_dropped > 0 ? [`${summary.events_dropped} events were lost`] : []),
  ]
  const Icon = worries.length === 0 ? CircleCheck : TriangleAlert
  return (
    <span className="inline-flex items-start gap-2">
      <Icon
        aria-hidden
        className={worries.length === 0 ? 'size-5 shrink-0 text-good' : 'size-5 shrink-0 text-wait'}
      />
      {worries.length === 0 ? 'Every protection is enforced.' : `Look at this: ${worries.join(', ')}.`}
    </span>
  )
}

export function DaySummary({ summary, onPick }: DaySummaryProps) {
  const { last_24_hours: lately, penalties } = summary
  return (
    <section aria-label="Last 24 hours" className="mb-8">
      <p className="mb-2 text-small text-faint">Last 24 hours</p>
      {lately.length === 0 ? (
        <p className="text-soft">Nothing happened.</p>
      ) : (
        <ul className="flex flex-wrap gap-2">
          {lately.map(({ event, count }) => (
            <li key={event}>
              <button
                type="button"
                onClick={() => onPick({ event })}
                className="flex h-8 items-center gap-2 rounded-control border border-line bg-sheet px-3 text-small hover:bg-hover"
              >
                {eventWords(event)} <span className="font-semibold tabular-nums">{count}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {penalties.length === 0 ? null : (
        <ul className="mt-4 flex flex-col gap-1 text-small text-soft">
          {penalties.map(({ address, blocked, level, until }) => (
            <li key={address} className="flex flex-wrap gap-x-3">
              <code className="font-mono text-tiny leading-[1.7]">{address}</code>
              {blocked ? 'is blocked' : `is slowed down, level ${level}`}, ends <TimeAgo time={until} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
