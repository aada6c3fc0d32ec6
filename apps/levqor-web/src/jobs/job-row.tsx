// One job in a list: a line on wide screens, two on narrow ones. The whole row leads to the job.
import type { JobSummary } from '@levqor/client'
import { formatDuration } from '../text/format-time.ts'
import { PageLink } from '../ui/page-link.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { isOver } from './is-over.ts'
import { JobProgress } from './job-progress.tsx'

export function JobRow({ job }: { readonly job: JobSummary }) {
  const tookMs =
    job.started_at && job.finished_at ? Date.parse(job.finished_at) - Date.parse(job.started_at) : undefined
  return (
    <li className="border-b border-line">
      <PageLink
        href={`/jobs/${job.job_id}`}
        className="-mx-3 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-5 gap-y-1.5 rounded-control px-3 py-3.5 hover:bg-hover md:grid-cols-[7.5rem_minmax(0,1fr)_6.5rem_6rem_5.5rem]"
      >
        <span className="order-2 md:order-none">
          <StateBadge state={job.status} />
        </span>
        <span className="order-1 min-w-0 md:order-none">
          <span className="block truncate font-medium">{job.workflow}</span>
          <span className="block truncate text-small text-faint">
            {job.error ? (
              <span className="text-bad">{job.error.message}</span>
            ) : (
              <span className="font-mono text-tiny">{job.job_id}</span>
            )}
          </span>
        </span>
        <span className="order-5 col-span-2 md:order-none md:col-span-1">
          {isOver(job.status) || (job.status !== 'running' && job.progress === 0) ? null : (
            <JobProgress progress={job.progress} label={`Progress of ${job.workflow}`} />
          )}
        </span>
        <span className="order-4 text-right text-small text-soft md:order-none">
          {tookMs === undefined ? null : formatDuration(tookMs)}
        </span>
        <TimeAgo
          time={job.status === 'scheduled' && job.run_at ? job.run_at : job.created_at}
          className="order-3 text-small text-faint md:order-none md:text-right"
        />
      </PageLink>
    </li>
  )
}
