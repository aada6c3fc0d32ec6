// One table for every state of a job, step or attempt: its word, its colour, its sign. Nothing below lists states again.
import type { JobAttempt, JobState, StepState } from '@levqor/client'
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleX,
  Clock,
  CornerUpLeft,
  LoaderCircle,
  type LucideIcon,
  SkipForward,
  TimerOff,
  Zap,
} from 'lucide-react'

export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'held' | 'idle'
export type AnyState = JobState | StepState | JobAttempt['state']

export interface StateLook {
  readonly word: string
  readonly tone: Tone
  readonly icon: LucideIcon
}

export const stateLooks: Readonly<Record<AnyState, StateLook>> = {
  scheduled: { word: 'Scheduled', tone: 'wait', icon: Clock },
  queued: { word: 'Queued', tone: 'idle', icon: CircleDashed },
  running: { word: 'Running', tone: 'busy', icon: LoaderCircle },
  blocked: { word: 'Blocked', tone: 'held', icon: CirclePause },
  succeeded: { word: 'Succeeded', tone: 'good', icon: CircleCheck },
  dead: { word: 'Dead', tone: 'bad', icon: CircleX },
  cancelled: { word: 'Cancelled', tone: 'idle', icon: Ban },
  pending: { word: 'Not yet', tone: 'idle', icon: CircleDashed },
  waiting: { word: 'Waiting', tone: 'wait', icon: Clock },
  failed: { word: 'Failed', tone: 'bad', icon: CircleX },
  skipped: { word: 'Skipped', tone: 'idle', icon: SkipForward },
  crashed: { word: 'Crashed', tone: 'bad', icon: Zap },
  handed_back: { word: 'Handed back', tone: 'idle', icon: CornerUpLeft },
  timed_out: { word: 'Timed out', tone: 'bad', icon: TimerOff },
}

/** Written out, because Tailwind only finds whole class names. */
export const toneClasses: Readonly<
  Record<Tone, { readonly ink: string; readonly wash: string; readonly fill: string }>
> = {
  good: { ink: 'text-good', wash: 'bg-good-wash', fill: 'bg-good' },
  busy: { ink: 'text-busy', wash: 'bg-busy-wash', fill: 'bg-busy' },
  wait: { ink: 'text-wait', wash: 'bg-wait-wash', fill: 'bg-wait' },
  bad: { ink: 'text-bad', wash: 'bg-bad-wash', fill: 'bg-bad' },
  held: { ink: 'text-held', wash: 'bg-held-wash', fill: 'bg-held' },
  idle: { ink: 'text-idle', wash: 'bg-idle-wash', fill: 'bg-idle' },
}
