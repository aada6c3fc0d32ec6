'use client'
// The workflows of the workspace.
import { Play } from 'lucide-react'
import { itemsOf } from '../api/use-pages.ts'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useWorkflowPages } from './use-workflows.ts'

export function WorkflowsPage() {
  const workflows = useWorkflowPages()
  return (
    <>
      <PageHeader
        title="Workflows"
        about="Named, versioned lists of steps. A published version never changes; publishing again makes a new one."
      />
      <QueryGate query={itemsOf(workflows)}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No workflow yet">
              Publish one with <code className="font-mono text-small">POST /api/v1/workflows</code>; the
              definition is the body.
            </EmptyState>
          ) : (
            <>
              <ul className="border-t border-line">
                {items.map((workflow) => (
                  <li
                    key={workflow.id}
                    className="flex flex-wrap items-center gap-x-6 gap-y-3 border-b border-line py-5"
                  >
                    <div className="min-w-0 grow basis-80">
                      <h2 className="font-semibold">
                        <PageLink
                          href={`/workflows/${workflow.name}`}
                          className="rounded-tag underline-offset-3 hover:underline"
                        >
                          {workflow.title}
                        </PageLink>
                      </h2>
                      <p className="mt-0.5 text-soft">{workflow.description}</p>
                      <p className="mt-2 flex flex-wrap gap-x-3 text-small text-faint">
                        <code className="font-mono text-tiny leading-[1.6]">{workflow.name}</code>
                        <span>version {workflow.version}</span>
                        <span>
                          {workflow.steps} {workflow.steps === 1 ? 'step' : 'steps'}
                        </span>
                        <span>
                          published <TimeAgo time={workflow.updated_at} />
                        </span>
                      </p>
                    </div>
                    <ButtonLink href={`/workflows/${workflow.name}/run`} aria-label={`Run ${workflow.title}`}>
                      <Play aria-hidden /> Run
                    </ButtonLink>
                  </li>
                ))}
              </ul>
              <LoadMore query={workflows} />
            </>
          )
        }
      </QueryGate>
    </>
  )
}
