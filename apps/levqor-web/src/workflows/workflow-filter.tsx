'use client'
// Chooses one workflow, or all. A name that is no longer listed stays choosable while it is chosen.
import { FilterSelect } from '../ui/filter-select.tsx'
import { useWorkflowPages } from './use-workflows.ts'

interface WorkflowFilterProps {
  readonly workflow: string | undefined
  readonly onChange: (workflow: string | undefined) => void
}

export function WorkflowFilter({ workflow, onChange }: WorkflowFilterProps) {
  const known = useWorkflowPages().items?.map((item) => item.name) ?? []
  const names = workflow && !known.includes(workflow) ? [...known, workflow] : known
  return (
    <FilterSelect
      label="Workflow"
      all="All workflows"
      value={workflow}
      options={names.map((name) => ({ value: name, text: name }))}
      onChange={onChange}
    />
  )
}
