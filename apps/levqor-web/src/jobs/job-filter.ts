// Which jobs a list shows. Lives in the address, so that a filtered list can be shared and gone back to.
import { type JobState, jobStates } from '@levqor/client'

export interface JobFilter {
  readonly status: JobState | undefined
  readonly workflow: string | undefined
}

/** Anything that is not a state of a job means: all states. */
export function readJobFilter(query: URLSearchParams): JobFilter {
  const workflow = query.get('workflow')?.trim()
  return {
    status: jobStates.find((state) => state === query.get('status')),
    workflow: workflow ? workflow.slice(0, 100) : undefined,
  }
}

/** The query string, without `?`; empty when nothing is filtered. */
export function writeJobFilter(filter: JobFilter): string {
  const query = new URLSearchParams()
  if (filter.status) query.set('status', filter.status)
  if (filter.workflow) query.set('workflow', filter.workflow)
  return query.toString()
}
