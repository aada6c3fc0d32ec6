'use client'
// Filters of the list of jobs: by state and by workflow.
import { jobStates } from '@levqor/client'
import { Select } from '../ui/form-controls.tsx'
import { stateLooks } from '../ui/state-look.ts'
import { useWorkflowPages } from '../workflows/use-workflows.ts'
import type { JobFilter } from './job-filter.ts'

interface JobFilterBarProps {
  readonly filter: JobFilter
  readonly onChange: (filter: JobFilter) => void
}

export function JobFilterBar({ filter, onChange }: JobFilterBarProps) {
  const known = useWorkflowPages().items?.map((workflow) => workflow.name) ?? []
  const names = filter.workflow && !known.includes(filter.workflow) ? [...known, filter.workflow] : known
  return (
    <search className="mb-6 flex flex-wrap gap-3">
      <label className="flex min-w-40 grow flex-col gap-1 sm:grow-0">
        <span className="text-small text-faint">State</span>
        <Select
          value={filter.status ?? ''}
          onChange={(event) =>
            onChange({ ...filter, status: jobStates.find((state) => state === event.target.value) })
          }
        >
          <option value="">All states</option>
          {jobStates.map((state) => (
            <option key={state} value={state}>
              {stateLooks[state].word}
            </option>
          ))}
        </Select>
      </label>
      <label className="flex min-w-40 grow flex-col gap-1 sm:grow-0">
        <span className="text-small text-faint">Workflow</span>
        <Select
          value={filter.workflow ?? ''}
          onChange={(event) => onChange({ ...filter, workflow: event.target.value || undefined })}
        >
          <option value="">All workflows</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </label>
    </search>
  )
}
