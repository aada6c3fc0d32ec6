'use client'
// Jobs that used up their attempts: kept, readable, and to be run again one by one or by workflow.
import { listDeadLetters } from '@levqor/client'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { itemsOf, usePages } from '../api/use-pages.ts'
import { useMayWrite } from '../shell/use-me.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { WorkflowFilter } from '../workflows/workflow-filter.tsx'
import { DeadLetterRow } from './dead-letter-row.tsx'
import { RetryAllDialog } from './retry-all-dialog.tsx'

export function DeadLettersPage() {
  const workflow = useSearchParams().get('workflow')?.slice(0, 100) || undefined
  const [asking, setAsking] = useState(false)
  const mayWrite = useMayWrite()
  const letters = usePages({
    queryKey: queryKeys.deadLetterList(workflow),
    load: (cursor, signal) => api.call(listDeadLetters, { query: { workflow, cursor }, signal }),
    refreshMs: () => 30_000,
  })

  function show(name: string | undefined) {
    history.replaceState(null, '', name ? `?workflow=${encodeURIComponent(name)}` : location.pathname)
  }

  return (
    <>
      <PageHeader
        title="Dead letters"
        about="Jobs that failed for good. Nothing is lost: mend the cause, then run them again."
        actions={
          workflow && (letters.items?.length ?? 0) > 0 ? (
            <Button tone="primary" disabled={!mayWrite} onClick={() => setAsking(true)}>
              Run all of {workflow} again
            </Button>
          ) : undefined
        }
      />
      <search className="mb-6 flex">
        <WorkflowFilter workflow={workflow} onChange={show} />
      </search>
      <QueryGate query={itemsOf(letters)}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState
              title={workflow ? `No dead letter of ${workflow}` : 'No dead letters'}
              actions={workflow ? <Button onClick={() => show(undefined)}>Show all</Button> : undefined}
            >
              {workflow ? null : 'Every job has found its end, or is on its way there.'}
            </EmptyState>
          ) : (
            <>
              <ul aria-label="Dead letters" className="border-t border-line">
                {items.map((letter) => (
                  <DeadLetterRow key={letter.job_id} letter={letter} mayRetry={mayWrite} />
                ))}
              </ul>
              <LoadMore query={letters} />
            </>
          )
        }
      </QueryGate>
      {workflow ? <RetryAllDialog workflow={workflow} open={asking} onOpenChange={setAsking} /> : null}
    </>
  )
}
