'use client'
import { asLevqorError } from '../api/client.ts'
// One job: what it is doing, what it did, what it was given and what came out.
import { EmptyState } from '../ui/empty-state.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SectionTitle } from '../ui/section-title.tsx'
import { AttemptLog } from './attempt-log.tsx'
import { isOver } from './is-over.ts'
import { JobFacts } from './job-facts.tsx'
import { JobHeader } from './job-header.tsx'
import { JobOutcome } from './job-outcome.tsx'
import { LogLines } from './log-lines.tsx'
import { useJob, useJobLogs, useJobSteps } from './use-job.ts'
import { useLiveJob } from './use-live-job.ts'
import { Waterfall } from './waterfall.tsx'

export function JobPage({ id }: { readonly id: string }) {
  const job = useJob(id)
  const steps = useJobSteps(id)
  const logs = useJobLogs(id)
  const liveness = useLiveJob(id, job.data !== undefined && !isOver(job.data.status))
  const stale = job.data ? asLevqorError(job.error) : undefined
  return (
    <QueryGate query={job} missing="There is no such job">
      {(data) => (
        <>
          <JobHeader job={data} liveness={liveness} />
          {stale ? <ProblemNotice error={stale} className="mb-6" /> : null}
          <div className="grid gap-x-12 gap-y-10 xl:grid-cols-[minmax(0,1fr)_17rem]">
            <div className="flex min-w-0 flex-col gap-10">
              <JobOutcome job={data} />
              <section>
                <SectionTitle>Steps</SectionTitle>
                <QueryGate query={steps}>
                  {(items) =>
                    items.length === 0 ? (
                      <EmptyState title="No step has begun" />
                    ) : (
                      <Waterfall job={data} steps={items} />
                    )
                  }
                </QueryGate>
              </section>
              <section>
                <SectionTitle>Log</SectionTitle>
                <QueryGate query={logs}>{(lines) => <LogLines lines={lines} />}</QueryGate>
              </section>
              <JsonView title="Payload" value={data.payload} />
            </div>
            <aside aria-label="About this job" className="flex flex-col gap-10">
              <section>
                <SectionTitle>Facts</SectionTitle>
                <JobFacts job={data} />
              </section>
              <section>
                <SectionTitle>Attempts</SectionTitle>
                <AttemptLog attempts={data.attempt_log} />
              </section>
            </aside>
          </div>
        </>
      )}
    </QueryGate>
  )
}
