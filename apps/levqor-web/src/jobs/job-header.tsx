'use client'
// The top of a job's page: its name and state, whether the page is live, and what can be done.
import type { JobDetail } from '@levqor/client'
import { CopyButton } from '../ui/copy-button.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { isOver } from './is-over.ts'
import { JobActions } from './job-actions.tsx'
import { JobProgress } from './job-progress.tsx'
import { LiveSign } from './live-sign.tsx'
import type { Liveness } from './use-live-job.ts'

export function JobHeader({ job, liveness }: { readonly job: JobDetail; readonly liveness: Liveness }) {
  return (
    <>
      <PageHeader
        above={
          <PageLink href="/jobs" className="hover:underline">
            Jobs
          </PageLink>
        }
        title={job.workflow}
        about={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <span role="status">
              <StateBadge state={job.status} />
            </span>
            <span className="inline-flex items-center gap-1">
              <code className="font-mono text-tiny text-faint">{job.job_id}</code>
              <CopyButton text={job.job_id} what="job id" />
            </span>
            <LiveSign liveness={liveness} />
          </span>
        }
        actions={<JobActions job={job} />}
      />
      {isOver(job.status) ? null : (
        <div className="-mt-3 mb-8 flex items-center gap-4">
          <JobProgress progress={job.progress} label="Progress" className="grow" />
          <span className="text-small text-soft">{job.progress} %</span>
        </div>
      )}
    </>
  )
}
