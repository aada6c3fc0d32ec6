// Which events the list shows. Lives in the address, so that a finding can be shared and gone back to.
import { type SecurityEvent, securitySeverities } from '@levqor/client'

const texts = ['event', 'address', 'actor_id', 'workspace_id', 'request_id'] as const

export type EventFilter = Partial<Readonly<Record<(typeof texts)[number], string>>> & {
  /** This severity or worse. */
  readonly severity?: SecurityEvent['severity']
}

/** What is not understood is not filtered by. */
export function readEventFilter(query: URLSearchParams): EventFilter {
  const severity = securitySeverities.find((known) => known === query.get('severity'))
  const found = texts.flatMap((name) => {
    const value = query.get(name)?.trim().slice(0, 100)
    return value ? [[name, value] as const] : []
  })
  return { ...Object.fromEntries(found), ...(severity ? { severity } : {}) }
}

/** The query string, without `?`; empty when nothing is filtered. */
export function writeEventFilter(filter: EventFilter): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '')
  return new URLSearchParams(entries).toString()
}
