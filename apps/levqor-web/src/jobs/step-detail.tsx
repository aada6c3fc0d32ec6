// What one step was given, what it gave back, and how often it tried.
import type { JobStep } from '@levqor/client'
import { formatMoney } from '../text/format-money.ts'
import { formatDuration, formatFull } from '../text/format-time.ts'
import { type Fact, Facts } from '../ui/facts.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { stateLooks } from '../ui/state-look.ts'

const effects: Readonly<Record<JobStep['effect'], string>> = {
  idempotent: 'May run again',
  keyed: 'Sends a key, so that a repeat has no second effect',
  unsafe: 'Never repeated after a crash without a person',
}

export function StepDetail({ step }: { readonly step: JobStep }) {
  const facts: readonly (Fact | false)[] = [
    { term: 'State', value: stateLooks[step.state].word },
    step.attempts > 0 && { term: 'Attempts', value: step.attempts },
    step.started_at !== null && { term: 'Started', value: formatFull(Date.parse(step.started_at)) },
    step.duration_ms !== null && { term: 'Took', value: formatDuration(step.duration_ms) },
    { term: 'After a crash', value: effects[step.effect] },
    step.cost.amount_micros > 0 && { term: 'Cost', value: formatMoney(step.cost) },
  ]
  return (
    <div className="flex flex-col gap-5">
      <Facts facts={facts.filter((fact): fact is Fact => fact !== false)} />
      {step.error ? (
        <p className="rounded-panel bg-bad-wash px-4 py-3">
          <span className="font-medium">{step.error.message}</span>{' '}
          <code className="font-mono text-tiny text-soft">{step.error.code}</code>
        </p>
      ) : null}
      <div className="grid gap-4 lg:grid-cols-2">
        <JsonView title="Input" value={step.input} />
        <JsonView title="Output" value={step.output} />
      </div>
    </div>
  )
}
