'use client'
// Starts a job of one workflow: fields from its input schema, one idempotency key, the server's own messages.
import { intake, type JobDetail, type Workflow } from '@levqor/client'
import { Play } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useMemo, useRef, useState } from 'react'
import { api } from '../api/client.ts'
import { useAction } from '../api/use-action.ts'
import { useMayWrite } from '../shell/use-me.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { FieldInput } from './field-input.tsx'
import { fieldsFromSchema } from './fields-from-schema.ts'
import { buildPayload, type FormValue, initialValues, valuesOfPayload } from './form-values.ts'
import { createIdempotencyKey } from './idempotency-key.ts'
import { buildOptions, noOptions, optionPointers, optionsOf } from './job-options.ts'
import { OptionInputs } from './option-inputs.tsx'
import { inBody, inFormWords, placeProblems, pointersOf } from './place-problems.ts'
import { UnplacedProblems } from './unplaced-problems.tsx'

interface RunFormProps {
  readonly workflow: Workflow
  /** A job to begin with what it was given. */
  readonly before?: JobDetail | undefined
}

export function RunForm({ workflow, before }: RunFormProps) {
  const formId = useId()
  const form = useRef<HTMLFormElement>(null)
  const router = useRouter()
  const mayWrite = useMayWrite()
  const fields = useMemo(() => fieldsFromSchema(workflow.input), [workflow.input])
  const [values, setValues] = useState(() =>
    before ? valuesOfPayload(fields, before.payload) : initialValues(fields),
  )
  const [options, setOptions] = useState(() => (before ? optionsOf(before) : noOptions))
  const [key, setKey] = useState(createIdempotencyKey)
  const [found, setFound] = useState<ReturnType<typeof inBody>[]>([])
  // Set once the server has the job: the button stays off while the next page comes.
  const [accepted, setAccepted] = useState(false)

  const run = useAction({
    run: (payload: unknown) =>
      api.call(intake, {
        headers: { 'idempotency-key': key },
        body: { workflow: workflow.name, payload, ...buildOptions(options) },
      }),
    onDone: (job) => {
      setAccepted(true)
      router.push(`/jobs/${job.job_id}`)
    },
    onFailed: focusFirstProblem,
  })

  const problems = (found.length > 0 ? found : (run.error?.problem.errors ?? [])).map((problem) =>
    inFormWords(problem, fields),
  )
  const lengthOf = (pointer: string) => {
    const value = values[pointer]
    return Array.isArray(value) ? value.length : 0
  }
  const placed = placeProblems(problems, [...pointersOf(fields, lengthOf), ...optionPointers])

  function change(pointer: string, value: FormValue) {
    setValues((before) => ({ ...before, [pointer]: value }))
  }

  function focusFirstProblem() {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    const built = buildPayload(fields, values)
    setFound(built.ok ? [] : built.problems.map(inBody))
    if (built.ok) run.start(built.payload)
    else focusFirstProblem()
  }

  const showNotice = run.error !== undefined && found.length === 0 && problems.length === 0
  return (
    <form ref={form} onSubmit={submit} noValidate className="flex max-w-2xl flex-col gap-6">
      {fields.map((field) => (
        <FieldInput
          key={field.pointer}
          field={field}
          formId={formId}
          values={values}
          messages={placed.byField}
          onChange={change}
        />
      ))}
      <OptionInputs formId={formId} options={options} messages={placed.byField} onChange={setOptions} />
      <UnplacedProblems problems={placed.others} />
      {showNotice && run.error ? (
        <ProblemNotice
          error={run.error}
          secondsLeft={run.secondsLeft}
          actions={
            run.error.code === 'idempotency_conflict' ? (
              <Button
                size="small"
                onClick={() => {
                  setKey(createIdempotencyKey())
                  run.forgetError()
                }}
              >
                Treat this as a new job
              </Button>
            ) : undefined
          }
        />
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        <ActionButton
          action={run}
          type="submit"
          tone="primary"
          icon={<Play aria-hidden />}
          disabled={accepted || !mayWrite}
        >
          {run.pending || accepted ? 'Starting…' : 'Start job'}
        </ActionButton>
        {mayWrite ? null : <p className="text-small text-faint">Your role may look, but not start jobs.</p>}
      </div>
    </form>
  )
}
