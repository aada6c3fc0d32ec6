// Whether a job has come to its end.
import type { JobState } from '@levqor/client'

const finalStates: ReadonlySet<JobState> = new Set(['succeeded', 'dead', 'cancelled'])

export function isOver(state: JobState): boolean {
  return finalStates.has(state)
}
