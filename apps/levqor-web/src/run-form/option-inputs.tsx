'use client'
// Priority, start time and callback: folded away, because most jobs need none of them.
import { ChevronRight } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { describedBy, Labelled, Select, TextInput } from '../ui/form-controls.tsx'
import { type JobOptions, optionPointers } from './job-options.ts'

interface OptionInputsProps {
  readonly formId: string
  readonly options: JobOptions
  readonly messages: Readonly<Record<string, readonly string[]>>
  readonly onChange: (options: JobOptions) => void
}

export function OptionInputs({ formId, options, messages, onChange }: OptionInputsProps) {
  const details = useRef<HTMLDetailsElement>(null)
  const hasProblem = optionPointers.some((pointer) => (messages[pointer] ?? []).length > 0)
  useEffect(() => {
    if (hasProblem && details.current) details.current.open = true
  }, [hasProblem])
  const priorityId = `${formId}-priority`
  const runAtId = `${formId}-run-at`
  const callbackId = `${formId}-callback`
  return (
    <details ref={details} className="group rounded-panel border border-line">
      <summary className="flex h-11 list-none items-center gap-2 rounded-panel px-4 font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 text-faint transition-transform group-open:rotate-90" />
        More options
      </summary>
      <div className="grid gap-5 border-t border-line p-4 sm:grid-cols-2">
        <Labelled id={priorityId} label="Priority" messages={messages['/priority'] ?? []}>
          <Select
            id={priorityId}
            value={options.priority}
            onChange={(event) => {
              const { value } = event.target
              if (value === 'low' || value === 'normal' || value === 'high')
                onChange({ ...options, priority: value })
            }}
          >
            <option value="high">High</option>
            <option value="normal">Normal</option>
            <option value="low">Low</option>
          </Select>
        </Labelled>
        <Labelled id={runAtId} label="Not before" optional messages={messages['/run_at'] ?? []}>
          <TextInput
            id={runAtId}
            type="datetime-local"
            value={options.runAt}
            onChange={(event) => onChange({ ...options, runAt: event.target.value })}
            {...describedBy(runAtId, undefined, messages['/run_at'] ?? [])}
          />
        </Labelled>
        <div className="sm:col-span-2">
          <Labelled
            id={callbackId}
            label="Callback URL"
            optional
            help="Gets a signed message when the job has finished."
            messages={messages['/callback_url'] ?? []}
          >
            <TextInput
              id={callbackId}
              type="url"
              placeholder="https://"
              value={options.callbackUrl}
              onChange={(event) => onChange({ ...options, callbackUrl: event.target.value })}
              {...describedBy(callbackId, true, messages['/callback_url'] ?? [])}
            />
          </Labelled>
        </div>
      </div>
    </details>
  )
}
