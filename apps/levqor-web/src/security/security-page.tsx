'use client'
// What the guard saw, for the operators of this installation.
import { getSecuritySummary, listSecurityEvents } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { api } from '../api/client.ts'
import { refreshInterval } from '../api/create-query-client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { itemsOf, usePages } from '../api/use-pages.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { DaySummary, SecurityVerdict } from './day-summary.tsx'
import { type EventFilter, readEventFilter, writeEventFilter } from './event-filter.ts'
import { EventFilterBar } from './event-filter-bar.tsx'
import { EventRow } from './event-row.tsx'
import { SecurityTabs } from './security-tabs.tsx'

const refreshMs = 15_000

export function SecurityPage() {
  const filter = readEventFilter(useSearchParams())
  const summary = useQuery({
    queryKey: queryKeys.securitySummary,
    queryFn: ({ signal }) => api.call(getSecuritySummary, { signal }),
    refetchInterval: ({ state }) => refreshInterval(state.error, refreshMs),
  })
  const events = usePages({
    queryKey: queryKeys.securityEventList(filter),
    load: (cursor, signal) => api.call(listSecurityEvents, { query: { ...filter, cursor }, signal }),
    refreshMs: () => refreshMs,
  })

  function show(next: EventFilter) {
    const query = writeEventFilter(next)
    history.replaceState(null, '', query ? `?${query}` : location.pathname)
  }
  const pick = (more: EventFilter) => show({ ...filter, ...more })

  return (
    <>
      <PageHeader
        title="Security"
        about={summary.data ? <SecurityVerdict summary={summary.data} /> : undefined}
      />
      <SecurityTabs />
      {summary.data ? <DaySummary summary={summary.data} onPick={pick} /> : null}
      <EventFilterBar filter={filter} lately={summary.data?.last_24_hours ?? []} onChange={show} />
      <QueryGate query={itemsOf(events)} unknown={<UnknownFilter onShowAll={() => show({})} />}>
        {(items) =>
          items.length === 0 ? (
            <NothingFound filtered={Object.keys(filter).length > 0} onShowAll={() => show({})} />
          ) : (
            <>
              <ul aria-label="Security events" className="border-t border-line">
                {items.map((event) => (
                  <EventRow key={event.id} event={event} onPick={pick} />
                ))}
              </ul>
              <LoadMore query={events} />
            </>
          )
        }
      </QueryGate>
    </>
  )
}

function UnknownFilter({ onShowAll }: { readonly onShowAll: () => void }) {
  return (
    <EmptyState
      title="This filter is not known"
      actions={<Button onClick={onShowAll}>Show all events</Button>}
    >
      The address of this page asks for something that does not exist.
    </EmptyState>
  )
}

function NothingFound({
  filtered,
  onShowAll,
}: {
  readonly filtered: boolean
  readonly onShowAll: () => void
}) {
  if (!filtered) {
    return (
      <EmptyState title="No security events">
        Refused requests, failed sign-ins and lowered protections will appear here. They are kept for 90 days.
      </EmptyState>
    )
  }
  return (
    <EmptyState title="No event matches" actions={<Button onClick={onShowAll}>Show all events</Button>}>
      Nothing of this kind was kept in the last 90 days.
    </EmptyState>
  )
}
