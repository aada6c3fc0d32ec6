import { expect, it } from 'vitest'
import type { Job, Step } from '../job.ts'
import { createStepCheckpoints, type StepBegin } from './step-checkpoints.ts'
import type { StepRecord } from './task-reporter.ts'

// Only the id of the job is read.
const job = { id: 'job-1' } as Job
const begin: StepBegin = { stepId: 'a', position: 1, connector: 'x', effect: 'idempotent', input: { q: 1 } }

function setup(...known: Partial<Step>[]) {
  const log: (StepRecord | 'flush')[] = []
  let now = 100
  const nothing = () => undefined
  const reporter = {
    log: nothing,
    progress: nothing,
    step: (step: StepRecord) => void log.push(step),
    flush: async () => void log.push('flush'),
    close: async () => undefined,
  }
  const earlier = known.map((part): Step => ({ ...blank, ...part }))
  const steps = createStepCheckpoints(job, earlier, reporter, () => now)
  return { steps, log, pass: (ms: number) => (now += ms) }
}

const blank: Step = {
  jobId: 'job-1',
  stepId: 'a',
  position: 1,
  state: 'running',
  connector: 'x',
  effect: 'idempotent',
  attempt: 1,
  claim: 1,
  input: undefined,
  inputDigest: undefined,
  output: undefined,
  error: undefined,
  startedAt: 1,
  finishedAt: undefined,
  durationMs: undefined,
  costMicros: 0,
  decision: undefined,
}

it('a step that ends is on disk, with its duration and cost', async () => {
  const { steps, log, pass } = setup()
  expect(await steps.begin(begin)).toEqual({ kind: 'run', attempt: 1, key: 'job-1:a' })
  expect(log).toHaveLength(1)
  pass(20)
  await steps.finish('a', { output: 7, costMicros: 3 })
  expect(log.slice(1)).toMatchObject([
    { state: 'succeeded', output: 7, costMicros: 3, startedAt: 100, finishedAt: 120, durationMs: 20 },
    'flush',
  ])
})

it('an unsafe step is on disk before it runs', async () => {
  const { steps, log } = setup()
  await steps.begin({ ...begin, effect: 'unsafe' })
  expect(log).toMatchObject([{ state: 'running', effect: 'unsafe' }, 'flush'])
})

it('a failed step runs again under the same key, and keeps its error until then', async () => {
  const { steps, log } = setup()
  await steps.begin(begin)
  await steps.fail('a', { error: { code: 'http_500', message: 'oh' } })
  expect(log.at(-2)).toMatchObject({ state: 'failed', error: { code: 'http_500' } })
  expect(await steps.begin(begin)).toEqual({ kind: 'run', attempt: 2, key: 'job-1:a' })
  expect(steps.get('a')).toMatchObject({ state: 'running', error: undefined })
  const later = setup({ state: 'failed', attempt: 2 })
  expect(await later.steps.begin(begin)).toMatchObject({ kind: 'run', attempt: 3 })
})

it('a finished or skipped step is not run again', async () => {
  for (const state of ['succeeded', 'skipped'] as const) {
    const { steps, log } = setup({ state, output: 5 })
    expect(await steps.begin(begin)).toMatchObject({ kind: 'finished', step: { state, output: 5 } })
    expect(log).toEqual([])
  }
})

it('a step that was left out is kept as such', async () => {
  const { steps, log } = setup({ stepId: 'z', position: 9 })
  await steps.skip(begin, 'condition is false')
  expect(log).toMatchObject([{ state: 'skipped', output: 'condition is false', attempt: 0 }, 'flush'])
  expect(steps.all().map((step) => step.stepId)).toEqual(['a', 'z'])
})

it('a step in flight at a crash: idempotent and keyed run again, unsafe asks, and follows the decision', async () => {
  const verdict = async (part: Partial<Step>) => (await setup(part).steps.begin(begin)).kind
  expect(await verdict({ effect: 'idempotent' })).toBe('run')
  expect(await verdict({ effect: 'keyed' })).toBe('run')
  expect(await verdict({ effect: 'unsafe' })).toBe('undecided')
  expect(await verdict({ effect: 'unsafe', decision: 'retry' })).toBe('run')
  expect(await verdict({ effect: 'unsafe', decision: 'skip' })).toBe('decided')
  expect(await verdict({ effect: 'unsafe', decision: 'fail' })).toBe('decided')
})

it('a step that was not begun cannot end', async () => {
  const { steps } = setup()
  expect(() => steps.finish('a', { output: 1 })).toThrow('was not begun')
})
