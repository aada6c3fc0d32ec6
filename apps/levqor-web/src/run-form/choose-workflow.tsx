'use client'
// The first step of starting a job by hand: which workflow.
import { ChevronRight } from 'lucide-react'
import { itemsOf } from '../api/use-pages.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { useWorkflowPages } from '../workflows/use-workflows.ts'

export function ChooseWorkflow() {
  const workflows = useWorkflowPages()
  return (
    <>
      <PageHeader
        title="Start a job"
        about="Pick the workflow to run. The next page asks for what it needs."
      />
      <QueryGate query={itemsOf(workflows)}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No workflow yet">
              Publish one with <code className="font-mono text-small">POST /api/v1/workflows</code>.
            </EmptyState>
          ) : (
            <ul className="max-w-3xl border-t border-line">
              {items.map((workflow) => (
                <li key={workflow.id} className="border-b border-line">
                  <PageLink
                    href={`/workflows/${workflow.name}/run`}
                    className="group -mx-3 flex items-center gap-4 rounded-control px-3 py-4 hover:bg-hover"
                  >
                    <span className="min-w-0 grow">
                      <span className="block font-semibold">{workflow.title}</span>
                      <span className="block text-soft">{workflow.description}</span>
                    </span>
                    <ChevronRight
                      aria-hidden
                      className="size-5 shrink-0 text-faint transition-transform group-hover:translate-x-0.5"
                    />
                  </PageLink>
                </li>
              ))}
            </ul>
          )
        }
      </QueryGate>
    </>
  )
}
