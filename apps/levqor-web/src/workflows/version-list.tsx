'use client'
import { itemsOf } from '../api/use-pages.ts'
// Every published version, newest first.
import { LoadMore } from '../ui/load-more.tsx'
import { QueryGate } from '../ui/query-gate.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useWorkflowVersions } from './use-workflows.ts'

export function VersionList({ name }: { readonly name: string }) {
  const versions = useWorkflowVersions(name)
  return (
    <QueryGate query={itemsOf(versions)}>
      {(items) => (
        <>
          <ol className="flex flex-col gap-1.5 text-small">
            {items.map((version) => (
              <li key={version.version} className="flex justify-between gap-4">
                <span>Version {version.version}</span>
                <TimeAgo time={version.created_at} className="text-faint" />
              </li>
            ))}
          </ol>
          <LoadMore query={versions} />
        </>
      )}
    </QueryGate>
  )
}
