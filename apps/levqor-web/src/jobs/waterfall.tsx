'use client'
// The steps of a job on a common time axis. Grows while the job runs; every row opens to what the step did.
import type { JobDetail, JobStep } from '@levqor/client'
import { useMemo, useState } from 'react'
import { useNow } from '../ui/use-now.ts'
import { isOver } from './is-over.ts'
import { layoutWaterfall } from './layout-waterfall.ts'
import { WaterfallRow } from './waterfall-row.tsx'

interface WaterfallProps {
  readonly job: Pick<JobDetail, 'status' | 'started_at' | 'finished_at'>
  readonly steps: readonly JobStep[]
}

const redrawMs = 200

export function Waterfall({ job, steps }: WaterfallProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const now = useNow(isOver(job.status) ? undefined : redrawMs)
  const drawing = useMemo(
    () => layoutWaterfall({ steps, startedAt: job.started_at, finishedAt: job.finished_at, now }),
    [steps, job.started_at, job.finished_at, now],
  )

  function toggle(id: string) {
    setOpen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }

  return (
    <div className="overflow-hidden rounded-panel border border-line">
      <div
        aria-hidden
        className="hidden grid-cols-[13rem_minmax(0,1fr)_4.5rem] gap-4 border-b border-line bg-well px-4 sm:grid"
      >
        <span />
        <div className="whitespace-nowrap relative h-8 text-tiny text-faint">
          {drawing.ticks.map((tick) => (
            <span key={tick.label} className="absolute top-2 pl-1.5" style={{ left: `${tick.leftPercent}%` }}>
              {tick.label}
            </span>
          ))}
        </div>
        <span />
      </div>
      <ol>
        {steps.map((step) => (
          <WaterfallRow
            key={step.id}
            step={step}
            bar={drawing.bars.get(step.id)}
            ticks={drawing.ticks}
            open={open.has(step.id)}
            onToggle={toggle}
          />
        ))}
      </ol>
    </div>
  )
}
