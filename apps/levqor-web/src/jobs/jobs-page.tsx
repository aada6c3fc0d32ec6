'use client'
// The jobs of the workspace, newest first, keeping themselves fresh.
import { listJobs } from '@levqor/client'
import { Play } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { itemsOf, usePages } from '../api/use-pages.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { FirstJob } from './first-job.tsx'
import { isOver } from './is-over.ts'
import { type JobFilter, readJobFilter, writeJobFilter } from './job-filter.ts'
import { JobFilterBar } from './job-filter-bar.tsx'
import { JobRow } from './job-row.tsx'

/** Quick while something moves, slow while nothing does: an open tab must not use up anyone's limit. */
const busyRefreshMs = 5_000
const calmRefreshMs = 20_000

export function JobsPage() {
  const filter = readJobFilter(useSearchParams())
  const jobs = usePages({
    queryKey: queryKeys.jobList(filter),
    load: (cursor, signal) => api.call(listJobs, { query: { ...filter, cursor }, signal }),
    refreshMs: (items) => (items.some((job) => !isOver(job.status)) ? busyRefreshMs : calmRefreshMs),
  })
  const filtered = filter.status !== undefined || filter.workflow !== undefined

  function show(next: JobFilter) {
    const query = writeJobFilter(next)
    // The router follows without asking the server: only the address changes.
    history.replaceState(null, '', query ? `?${query}` : location.pathname)
  }

  return (
    <>
      <PageHeader
        title="Jobs"
        actions={
          <ButtonLink href="/jobs/new" tone="primary">
            <Play aria-hidden /> Start a job
          </ButtonLink>
        }
      />
      <JobFilterBar filter={filter} onChange={show} />
      <QueryGate query={itemsOf(jobs)}>
        {(items) => {
          if (items.length > 0) {
            return (
              <>
                <ul aria-label="Jobs" className="border-t border-line">
                  {items.map((job) => (
                    <JobRow key={job.job_id} job={job} />
                  ))}
                </ul>
                <LoadMore query={jobs} />
              </>
            )
          }
          if (!filtered) return <FirstJob />
          return (
            <EmptyState
              title="No job matches"
              actions={
                <Button onClick={() => show({ status: undefined, workflow: undefined })}>
                  Show all jobs
                </Button>
              }
            />
          )
        }}
      </QueryGate>
    </>
  )
}
