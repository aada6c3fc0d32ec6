'use client'
// Starting a job: its form, empty or filled in with what an earlier job was given.
import { getJob } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useWorkflow } from '../workflows/use-workflows.ts'
import { RunForm } from './run-form.tsx'

interface RunPageProps {
  readonly name: string
  /** Id of the earlier job, out of the address: may be anything. */
  readonly from: string | undefined
}

export function RunPage({ name, from = '' }: RunPageProps) {
  const workflow = useWorkflow(name)
  const job = useQuery({
    queryKey: queryKeys.job(from),
    queryFn: ({ signal }) => api.call(getJob, { params: { id: from }, signal }),
    enabled: from !== '',
  })
  const before = job.data?.workflow === name ? job.data : undefined
  return (
    <>
      <PageHeader
        above={
          <PageLink href="/jobs/new" className="hover:underline">
            Start a job
          </PageLink>
        }
        title={workflow.data?.title ?? name}
        about={workflow.data?.description}
      />
      <QueryGate query={workflow} missing="There is no such workflow">
        {(data) =>
          job.isLoading ? (
            <SkeletonRows />
          ) : (
            <>
              {before ? (
                <p className="mb-6 text-soft">
                  Filled in with what{' '}
                  <PageLink href={`/jobs/${from}`} className="underline underline-offset-3 hover:text-ink">
                    the earlier job
                  </PageLink>{' '}
                  was given.
                </p>
              ) : null}
              <RunForm key={`${data.name} ${data.version}`} workflow={data} before={before} />
            </>
          )
        }
      </QueryGate>
    </>
  )
}
