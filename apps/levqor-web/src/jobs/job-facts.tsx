// The small facts of a job; only those that say something.
import type { JobDetail } from '@levqor/client'
import { formatMoney } from '../text/format-money.ts'
import { formatDuration, formatFull } from '../text/format-time.ts'
import { type Fact, Facts } from '../ui/facts.tsx'
import { PageLink } from '../ui/page-link.tsx'

export function JobFacts({ job }: { readonly job: JobDetail }) {
  return <Facts facts={factsOf(job)} />
}

function factsOf(job: JobDetail): readonly Fact[] {
  const tookMs =
    job.started_at && job.finished_at ? Date.parse(job.finished_at) - Date.parse(job.started_at) : undefined
  const rows: readonly (Fact | false | null | undefined)[] = [
    {
      term: 'Workflow',
      value: (
        <PageLink href={`/workflows/${job.workflow}`} className="text-accent underline underline-offset-2">
          {job.workflow}
          {job.workflow_version === null ? '' : `, version ${job.workflow_version}`}
        </PageLink>
      ),
    },
    { term: 'Submitted', value: <Moment time={job.created_at} /> },
    job.run_at !== null && { term: 'Not before', value: <Moment time={job.run_at} /> },
    job.started_at !== null && { term: 'Started', value: <Moment time={job.started_at} /> },
    job.finished_at !== null && { term: 'Finished', value: <Moment time={job.finished_at} /> },
    tookMs !== undefined && { term: 'Took', value: formatDuration(tookMs) },
    { term: 'Priority', value: job.priority },
    job.failures > 0 && { term: 'Failures', value: job.failures },
    job.crashes > 0 && { term: 'Crashes', value: job.crashes },
    job.cost.amount_micros > 0 && { term: 'Cost', value: formatMoney(job.cost) },
    job.redrives > 0 && {
      term: 'Brought back',
      value: job.redrives === 1 ? 'once' : `${job.redrives} times`,
    },
    job.callback_url !== null && { term: 'Callback', value: job.callback_url },
  ]
  return rows.filter((row): row is Fact => Boolean(row))
}

function Moment({ time }: { readonly time: string }) {
  return <time dateTime={time}>{formatFull(Date.parse(time))}</time>
}
