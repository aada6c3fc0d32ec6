'use client'
// Filters of the list of events: how urgent, what happened, and whatever was picked from a row.
import { type SecuritySummary, securitySeverities } from '@levqor/client'
import { X } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { FilterSelect } from '../ui/filter-select.tsx'
import type { EventFilter } from './event-filter.ts'
import { eventWords, severityLooks } from './event-words.ts'

interface EventFilterBarProps {
  readonly filter: EventFilter
  readonly lately: SecuritySummary['last_24_hours']
  readonly onChange: (filter: EventFilter) => void
}

const picked = {
  address: 'from address',
  actor_id: 'by',
  workspace_id: 'in workspace',
  request_id: 'in request',
} as const

const severityOptions = securitySeverities
  .filter((severity) => severity !== 'info')
  .map((severity) => ({
    value: severity,
    text: severity === 'critical' ? severityLooks[severity].word : `${severityLooks[severity].word} or worse`,
  }))

export function EventFilterBar({ filter, lately, onChange }: EventFilterBarProps) {
  const names = new Set(lately.map(({ event }) => event))
  if (filter.event) names.add(filter.event)
  const options = [...names].map((event) => ({ value: event, text: eventWords(event) }))
  const without = (name: keyof EventFilter): EventFilter =>
    Object.fromEntries(Object.entries(filter).filter(([key]) => key !== name))
  return (
    <search className="mb-6 flex flex-wrap items-end gap-3">
      <FilterSelect
        label="Urgency"
        all="Everything"
        value={filter.severity}
        options={severityOptions}
        onChange={(severity) => onChange({ ...without('severity'), ...(severity ? { severity } : {}) })}
      />
      <FilterSelect
        label="Event"
        all="All events"
        value={filter.event}
        options={options}
        onChange={(event) => onChange({ ...without('event'), ...(event ? { event } : {}) })}
      />
      {Object.entries(picked).map(([name, words]) => {
        // Keys of the very table above.
        const key = name as keyof typeof picked
        const value = filter[key]
        return value ? (
          <Button
            key={key}
            aria-label={`No longer only ${words} ${value}`}
            onClick={() => onChange(without(key))}
          >
            <X aria-hidden />
            <span className="max-w-52 truncate">
              {words} <code className="font-mono text-tiny">{value}</code>
            </span>
          </Button>
        ) : null
      })}
    </search>
  )
}
