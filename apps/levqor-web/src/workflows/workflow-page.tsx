'use client'
// One workflow: what it takes, what it does step by step, and the definition itself.
import type { Workflow } from '@levqor/client'
import { ListTree, Play } from 'lucide-react'
import { ButtonLink } from '../ui/button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { SectionTitle } from '../ui/section-title.tsx'
import { InputProperties } from './input-properties.tsx'
import { readInput, readSteps } from './read-definition.ts'
import { StepList } from './step-list.tsx'
import { useWorkflow } from './use-workflows.ts'
import { VersionList } from './version-list.tsx'

export function WorkflowPage({ name }: { readonly name: string }) {
  const workflow = useWorkflow(name)
  return (
    <QueryGate query={workflow} missing="There is no such workflow">
      {(data) => <Content workflow={data} />}
    </QueryGate>
  )
}

function Content({ workflow }: { readonly workflow: Workflow }) {
  return (
    <>
      <PageHeader
        above={
          <PageLink href="/workflows" className="hover:underline">
            Workflows
          </PageLink>
        }
        title={workflow.title}
        about={workflow.description}
        actions={
          <>
            <ButtonLink href={`/jobs?workflow=${workflow.name}`}>
              <ListTree aria-hidden /> Its jobs
            </ButtonLink>
            <ButtonLink href={`/workflows/${workflow.name}/run`} tone="primary">
              <Play aria-hidden /> Run
            </ButtonLink>
          </>
        }
      />
      <div className="grid gap-x-12 gap-y-10 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-10">
          <section>
            <SectionTitle>Steps</SectionTitle>
            <StepList steps={readSteps(workflow.definition)} />
          </section>
          <JsonView title="Definition" value={workflow.definition} />
        </div>
        <aside aria-label="About this workflow" className="flex flex-col gap-10">
          <section>
            <SectionTitle>Input</SectionTitle>
            <InputProperties properties={readInput(workflow.input)} />
          </section>
          <section>
            <SectionTitle>Versions</SectionTitle>
            <VersionList name={workflow.name} />
          </section>
        </aside>
      </div>
    </>
  )
}
