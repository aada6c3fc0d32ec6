'use client'
// One step on the time axis. The row is a button that opens the step.
import type { JobStep } from '@levqor/client'
import { ChevronRight } from 'lucide-react'
import { useId } from 'react'
import { formatDuration } from '../text/format-time.ts'
import { classNames } from '../ui/class-names.ts'
import { StateSign } from '../ui/state-badge.tsx'
import { stateLooks, toneClasses } from '../ui/state-look.ts'
import type { WaterfallBar, WaterfallTick } from './layout-waterfall.ts'
import { StepDetail } from './step-detail.tsx'

interface WaterfallRowProps {
  readonly step: JobStep
  readonly bar: WaterfallBar | undefined
  readonly ticks: readonly WaterfallTick[]
  readonly open: boolean
  readonly onToggle: (id: string) => void
}

export function WaterfallRow({ step, bar, ticks, open, onToggle }: WaterfallRowProps) {
  const panelId = useId()
  return (
    <li className="border-b border-line last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        onClick={() => onToggle(step.id)}
        className="grid w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 px-4 py-3 text-left hover:bg-hover focus-visible:-outline-offset-2 sm:grid-cols-[13rem_minmax(0,1fr)_4.5rem] sm:py-0"
      >
        <span className="flex min-w-0 items-center gap-2.5">
          <ChevronRight
            aria-hidden
            className={classNames('size-4 shrink-0 text-faint transition-transform', open && 'rotate-90')}
          />
          <StateSign state={step.state} />
          <span className="min-w-0 leading-tight">
            <span className="block truncate font-medium">{step.id}</span>
            <span className="block truncate font-mono text-tiny text-faint">{step.use}</span>
          </span>
        </span>
        <Track bar={bar} ticks={ticks} step={step} />
        <span className="order-2 text-right text-small text-soft sm:order-none">
          {bar ? formatDuration(bar.durationMs) : <span className="sr-only">not begun</span>}
        </span>
      </button>
      {open ? (
        <div id={panelId} className="border-t border-line bg-well px-4 py-5">
          <StepDetail step={step} />
        </div>
      ) : null}
    </li>
  )
}

type TrackProps = Pick<WaterfallRowProps, 'bar' | 'ticks' | 'step'>

function Track({ bar, ticks, step }: TrackProps) {
  const tone = toneClasses[stateLooks[step.state].tone]
  return (
    <span aria-hidden className="relative order-3 col-span-2 block h-3 sm:order-none sm:col-span-1 sm:h-14">
      {ticks.map((tick) => (
        <span
          key={tick.label}
          className="absolute inset-y-0 w-px bg-line"
          style={{ left: `${tick.leftPercent}%` }}
        />
      ))}
      {bar ? (
        <span
          className={classNames(
            'absolute top-1/2 block h-2.5 min-w-1 -translate-y-1/2 rounded-full sm:h-3.5',
            bar.open ? classNames(tone.wash, tone.ink, 'hatched ring-1 ring-current ring-inset') : tone.fill,
          )}
          style={{ left: `min(${bar.leftPercent}%, calc(100% - 0.25rem))`, width: `${bar.widthPercent}%` }}
        />
      ) : null}
    </span>
  )
}
