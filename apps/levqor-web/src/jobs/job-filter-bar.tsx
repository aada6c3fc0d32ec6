'use client'
// Filters of the list of jobs: by state and by workflow.
import { jobStates } from '@levqor/client'
import { FilterSelect } from '../ui/filter-select.tsx'
import { stateLooks } from '../ui/state-look.ts'
import { WorkflowFilter } from '../workflows/workflow-filter.tsx'
import type { JobFilter } from './job-filter.ts'

interface JobFilterBarProps {
  readonly filter: JobFilter
  readonly onChange: (filter: JobFilter) => void
}

const stateOptions = jobStates.map((state) => ({ value: state, text: stateLooks[state].word }))

export function JobFilterBar({ filter, onChange }: JobFilterBarProps) {
  return (
    <search className="mb-6 flex flex-wrap gap-3">
      <FilterSelect
        label="State"
        all="All states"
        value={filter.status}
        options={stateOptions}
        onChange={(status) => onChange({ ...filter, status })}
      />
      <WorkflowFilter workflow={filter.workflow} onChange={(workflow) => onChange({ ...filter, workflow })} />
    </search>
  )
}
