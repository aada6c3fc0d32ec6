'use client'
import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
// Starting a job: which workflow, then its form.
import { useWorkflow } from '../workflows/use-workflows.ts'
import { RunForm } from './run-form.tsx'

export function RunPage({ name }: { readonly name: string }) {
  const workflow = useWorkflow(name)
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
        {(data) => <RunForm key={`${data.name} ${data.version}`} workflow={data} />}
      </QueryGate>
    </>
  )
}
