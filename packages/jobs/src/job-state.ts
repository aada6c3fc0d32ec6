// The state machine of a job as one table. docs/jobs/state-machine.md draws it; a test compares the two.

export const jobStates = [
  'scheduled',
  'queued',
  'running',
  'blocked',
  'succeeded',
  'dead',
  'cancelled',
] as const

/** Where a job stands. */
export type JobState = (typeof jobStates)[number]

/** States that nothing but a person leaves again. */
export type FinishedState = 'succeeded' | 'dead' | 'cancelled'

/** `new` is the moment before the row exists. */
export interface Transition {
  readonly from: JobState | 'new'
  readonly to: JobState
  readonly by: string
}

/** Every way a job can move. A verb that moves it otherwise is a defect: the stress test watches for it. */
export const transitions: readonly Transition[] = [
  { from: 'new', to: 'queued', by: 'enqueue' },
  { from: 'new', to: 'scheduled', by: 'enqueue for later' },
  { from: 'scheduled', to: 'queued', by: 'due' },
  { from: 'queued', to: 'running', by: 'claim' },
  { from: 'running', to: 'succeeded', by: 'succeed' },
  { from: 'running', to: 'queued', by: 'hand back or crash' },
  { from: 'running', to: 'scheduled', by: 'wait or retry later' },
  { from: 'running', to: 'blocked', by: 'block' },
  { from: 'running', to: 'dead', by: 'last failure, final error or poison' },
  { from: 'running', to: 'cancelled', by: 'cancel' },
  { from: 'scheduled', to: 'cancelled', by: 'cancel' },
  { from: 'queued', to: 'cancelled', by: 'cancel' },
  { from: 'blocked', to: 'cancelled', by: 'cancel' },
  { from: 'blocked', to: 'queued', by: 'unblock' },
  { from: 'dead', to: 'queued', by: 'redrive' },
  { from: 'dead', to: 'scheduled', by: 'redrive at a bounded rate' },
  { from: 'cancelled', to: 'queued', by: 'redrive' },
  { from: 'cancelled', to: 'scheduled', by: 'redrive at a bounded rate' },
]

export function isJobState(text: string): text is JobState {
  return jobStates.some((state) => state === text)
}

export function isFinished(state: JobState): state is FinishedState {
  return state === 'succeeded' || state === 'dead' || state === 'cancelled'
}

/** Whether the machine knows a direct way. */
export function canMove(from: JobState | 'new', to: JobState): boolean {
  return transitions.some((transition) => transition.from === from && transition.to === to)
}
