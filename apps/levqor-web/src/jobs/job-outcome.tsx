// How a job ended: its result, or its error in plain sight.
import type { JobDetail } from '@levqor/client'
import { CircleX } from 'lucide-react'
import { JsonView } from '../ui/json-view.tsx'

export function JobOutcome({ job }: { readonly job: JobDetail }) {
  if (job.error) {
    return (
      <section aria-label="Error" className="flex gap-3 rounded-panel bg-bad-wash px-4 py-3">
        <CircleX aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
        <div className="min-w-0">
          <p className="font-medium">{job.error.message}</p>
          <p className="mt-0.5 text-small text-soft">
            <code className="font-mono text-tiny">{job.error.code}</code>
            {job.error.step ? (
              <>
                {' in step '}
                <code className="font-mono text-tiny">{job.error.step}</code>
              </>
            ) : null}
          </p>
        </div>
      </section>
    )
  }
  if (job.status !== 'succeeded') return null
  return <JsonView title="Result" value={job.result} />
}
