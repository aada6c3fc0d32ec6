// Where the bars of a job's steps stand: pure arithmetic from times to percentages, redrawn every moment while it runs.
import type { JobStep } from '@levqor/client'
import { formatDuration } from '../text/format-time.ts'

export interface WaterfallBar {
  readonly id: string
  readonly leftPercent: number
  readonly widthPercent: number
  /** The step has begun and not ended. */
  readonly open: boolean
  readonly durationMs: number
}

export interface WaterfallTick {
  readonly leftPercent: number
  readonly label: string
}

export interface Waterfall {
  /** By step id; a step that has not begun has none. */
  readonly bars: ReadonlyMap<string, WaterfallBar>
  readonly ticks: readonly WaterfallTick[]
  readonly spanMs: number
}

export interface WaterfallInput {
  readonly steps: readonly Pick<JobStep, 'id' | 'started_at' | 'finished_at' | 'duration_ms'>[]
  /** RFC 3339, when the job was taken first. */
  readonly startedAt: string | null
  readonly finishedAt: string | null
  /** Epoch milliseconds */
  readonly now: number
}

const wantedTicks = 5

/** Lays out the steps between the start of the job and its end, or now. */
export function layoutWaterfall({ steps, startedAt, finishedAt, now }: WaterfallInput): Waterfall {
  const begun = steps.flatMap((step) => {
    if (step.started_at === null) return []
    const start = Date.parse(step.started_at)
    const end = step.finished_at === null ? undefined : Date.parse(step.finished_at)
    return [{ step, start, end }]
  })
  const starts = [...begun.map(({ start }) => start), ...(startedAt === null ? [] : [Date.parse(startedAt)])]
  if (starts.length === 0) return { bars: new Map(), ticks: [], spanMs: 0 }
  const from = Math.min(...starts)
  const ends = begun.map(({ start, end }) => end ?? Math.max(now, start))
  // A finished job's axis ends with its last step, not with whatever was booked after it.
  const until = Math.max(
    from + 1,
    ...ends,
    ...(finishedAt === null ? [now] : ends.length === 0 ? [Date.parse(finishedAt)] : []),
  )
  const spanMs = until - from
  const percent = (ms: number) => (100 * Math.max(0, ms)) / spanMs
  const bars = begun.map(({ step, start, end }): [string, WaterfallBar] => {
    const last = end ?? Math.max(now, start)
    const leftPercent = percent(start - from)
    return [
      step.id,
      {
        id: step.id,
        leftPercent,
        widthPercent: Math.min(100 - leftPercent, percent(last - start)),
        open: end === undefined,
        durationMs: (end === undefined ? null : step.duration_ms) ?? Math.max(0, last - start),
      },
    ]
  })
  return { bars: new Map(bars), ticks: ticksOf(spanMs), spanMs }
}

/** Round times (1, 2 or 5 times a unit that people count in), from zero, never crowding the end. */
function ticksOf(spanMs: number): readonly WaterfallTick[] {
  const every = roundInterval(spanMs / wantedTicks)
  const count = Math.floor((spanMs * 0.94) / every)
  return Array.from({ length: count + 1 }, (_, index) => ({
    leftPercent: (100 * index * every) / spanMs,
    label: index === 0 ? '0' : formatDuration(index * every),
  }))
}

const unitsMs = [1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 86_400_000, 864_000_000]

function roundInterval(ms: number): number {
  const candidates = unitsMs.flatMap((unit) => [unit, 2 * unit, 5 * unit]).sort((a, b) => a - b)
  return candidates.find((candidate) => candidate >= ms) ?? ms
}
