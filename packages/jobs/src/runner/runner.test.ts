// The runner with real time and a real store: everything a task may meet.
import { asSystem } from '@levqor/database/system'
import { eachStore, realIds, systemClock, type TestStore, until } from '@levqor/testing'
import { expect, it } from 'vitest'
import {
  createJobStore,
  createRunner,
  defineTask,
  type EnqueueSpec,
  type JobState,
  jobsSchema,
  type Runner,
  type RunnerOptions,
  type Task,
  taskError,
  undecidedStep,
} from '../index.ts'

const workspaceId = '01890000-0000-7000-8000-000000000001'

async function setup(test: TestStore, tasks: readonly Task[], options: Partial<RunnerOptions> = {}) {
  const ids = realIds()
  const url = await test.fresh()
  const open = async () => {
    const database = await test.open([jobsSchema], { url, clock: systemClock, ids })
    return { database, store: createJobStore({ database, clock: systemClock, ids }) }
  }
  const { database, store } = await open()
  const write = asSystem(database).transaction
  const make = (own: Partial<RunnerOptions> = {}): Runner =>
    createRunner({ store, tasks, random: () => 0.5, pollMs: 50, ...options, ...own })
  return {
    ...{ database, store, write, open, make },
    async put(spec: Partial<EnqueueSpec> = {}) {
      const full = { workspaceId, kind: 'work', payload: null, retryDelaysMs: [1, 1, 1], ...spec }
      return (await write((tx) => store.enqueue(tx, full))).jobId
    },
    reached: (jobId: string, state: JobState) =>
      until(async () => (await store.get({ jobId }))?.state === state, { what: `the job is ${state}` }),
    outcomes: async (jobId: string) => (await store.attempts({ jobId })).map((attempt) => attempt.outcome),
  }
}

const work = (run: Task['run'], id = 'work') => defineTask({ id, run })

/** Resolves when the signal is aborted. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

eachStore((test) => {
  it('runs a job and keeps result, log, progress and steps', async () => {
    const task = work(async ({ payload, steps, log, progress }) => {
      log('info', 'begun', { payload })
      progress(40, 'almost half')
      const step = {
        stepId: 'one',
        position: 0,
        connector: 'x',
        effect: 'idempotent',
        input: payload,
      } as const
      await steps.begin(step)
      await steps.finish('one', { output: { ok: true }, costMicros: 3 })
      return { kind: 'succeeded', result: { echo: payload } }
    })
    const { store, put, make, reached } = await setup(test, [task])
    const jobId = await put({ payload: { a: 1 } })
    const runner = make()
    runner.start()
    await reached(jobId, 'succeeded')
    await runner.stop()
    expect(await store.get({ jobId })).toMatchObject({
      result: { echo: { a: 1 } },
      costMicros: 3,
      progress: 100,
    })
    expect(await store.steps({ jobId })).toMatchObject([{ stepId: 'one', state: 'succeeded', attempt: 1 }])
    expect(await store.logs({ workspaceId, jobId })).toMatchObject([{ message: 'begun' }])
    expect(await store.workers()).toEqual([])
  })

  it('starts a job at once when this process enqueues it', async () => {
    const { put, make, reached } = await setup(test, [work(async () => ({ kind: 'succeeded' }))], {
      pollMs: 60_000,
    })
    const runner = make()
    runner.start()
    await reached(await put(), 'succeeded')
    await reached(await put({ runAt: Date.now() + 20 }), 'succeeded')
    await runner.stop()
  })

  it('tries four times and keeps the last error', async () => {
    const task = work(async ({ attempt }) => {
      throw taskError({ code: 'http_500', message: `try ${attempt}`, details: { attempt } })
    })
    const { store, put, make, reached, outcomes } = await setup(test, [task])
    const jobId = await put()
    const runner = make()
    runner.start()
    await reached(jobId, 'dead')
    await runner.stop()
    const error = { code: 'http_500', message: 'try 4', details: { attempt: 4 } }
    expect(await store.get({ jobId })).toMatchObject({ failures: 4, claims: 4, error })
    expect(await outcomes(jobId)).toEqual(['failed', 'failed', 'failed', 'failed'])
  })

  it('does not retry a final error, nor sooner than the other side asked', async () => {
    const task = work(async ({ payload }) => {
      if (payload === 'final') throw taskError({ code: 'http_404', message: 'gone', final: true })
      throw taskError({ code: 'http_429', message: 'slow down', retryAfterMs: 60_000 })
    })
    const { store, put, make, reached } = await setup(test, [task])
    const final = await put({ payload: 'final' })
    const asked = await put()
    const runner = make()
    runner.start()
    await reached(final, 'dead')
    await reached(asked, 'scheduled')
    await runner.stop()
    const job = await store.get({ jobId: asked })
    expect((job?.runAt ?? 0) - (job?.startedAt ?? 0)).toBeGreaterThanOrEqual(60_000)
  })

  it('fails a job of an unknown kind, and one that throws something odd', async () => {
    const task = work(() => Promise.reject('just text'))
    const { store, put, make, reached } = await setup(test, [task])
    const unknown = await put({ kind: 'nobody', maxFailures: 1 })
    const odd = await put({ maxFailures: 1 })
    const runner = make()
    runner.start()
    await reached(unknown, 'dead')
    await reached(odd, 'dead')
    await runner.stop()
    expect((await store.get({ jobId: unknown }))?.error).toMatchObject({ code: 'unknown_task' })
    expect((await store.get({ jobId: odd }))?.error).toEqual({ code: 'task_failed', message: 'just text' })
  })

  it('ends a run that takes too long, and one that ignores its signal', async () => {
    const task = work(({ payload, signal }) =>
      payload === 'deaf' ? new Promise(() => undefined) : untilAborted(signal),
    )
    const { store, put, make, reached, outcomes } = await setup(test, [task], { abortGraceMs: 20 })
    const polite = await put({ timeoutMs: 20, maxFailures: 1 })
    const deaf = await put({ timeoutMs: 20, maxFailures: 1, payload: 'deaf' })
    const runner = make()
    runner.start()
    for (const jobId of [polite, deaf]) {
      await reached(jobId, 'dead')
      expect((await store.get({ jobId }))?.error?.code).toBe('timeout')
      expect(await outcomes(jobId)).toEqual(['timed_out'])
    }
    expect(runner.running).toBe(0)
    await runner.stop()
  })

  it('cancels a running job in this process at once, and through the store from another', async () => {
    const reasons: unknown[] = []
    const task = work(async ({ signal }) => {
      await untilAborted(signal).catch((error: unknown) => {
        reasons.push(error)
        throw error
      })
      return { kind: 'succeeded' }
    })
    const { put, make, reached, write, store, open, outcomes } = await setup(test, [task])
    const elsewhere = await open()
    const runner = make()
    runner.start()
    const here = await put()
    const there = await put()
    await reached(here, 'running')
    await reached(there, 'running')
    await write((tx) => store.cancel(tx, { workspaceId, jobId: here }))
    await reached(here, 'cancelled')
    await asSystem(elsewhere.database).transaction((tx) =>
      elsewhere.store.cancel(tx, { workspaceId, jobId: there }),
    )
    await reached(there, 'cancelled')
    await runner.stop()
    expect(reasons).toMatchObject([{ code: 'cancelled' }, { code: 'cancelled' }])
    expect(await outcomes(there)).toEqual(['cancelled'])
  })

  it('lets a job wait without a slot and go on where it was', async () => {
    const runs: string[] = []
    const task = work(async ({ steps, job }) => {
      const first = await steps.begin({ stepId: 'a', position: 0, connector: 'x', effect: 'idempotent' })
      if (first.kind === 'run') {
        runs.push('a')
        await steps.finish('a', { output: 1 })
      }
      const pause = await steps.begin({ stepId: 'b', position: 1, connector: 'wait', effect: 'idempotent' })
      if (pause.kind === 'run') {
        await steps.wait('b', { until: job.createdAt })
        return { kind: 'wait', until: Date.now() + 20 }
      }
      expect(pause).toMatchObject({ kind: 'waiting', step: { output: { until: job.createdAt } } })
      await steps.finish('b', { output: null })
      return { kind: 'succeeded', result: steps.all().map((step) => [step.stepId, step.state]) }
    })
    const { store, put, make, reached, outcomes } = await setup(test, [task], { concurrency: 1 })
    const jobId = await put()
    const runner = make()
    runner.start()
    await reached(jobId, 'succeeded')
    await runner.stop()
    expect(runs).toEqual(['a'])
    expect(await outcomes(jobId)).toEqual(['waiting', 'succeeded'])
    expect((await store.get({ jobId }))?.result).toEqual([
      ['a', 'succeeded'],
      ['b', 'succeeded'],
    ])
  })

  it('asks a person before it runs an unsafe step twice, and does what the person says', async () => {
    const sent: string[] = []
    const task = work(async ({ steps, payload }) => {
      const start = await steps.begin({ stepId: 'send', position: 0, connector: 'mail', effect: 'unsafe' })
      if (start.kind === 'undecided') return { kind: 'blocked', reason: undecidedStep }
      if (start.kind === 'decided') return { kind: 'succeeded', result: start.decision }
      sent.push(String(payload))
      return { kind: 'succeeded', result: start.kind }
    })
    const { store, put, make, reached, write } = await setup(test, [task], { leaseMs: 60_000 })
    const ids = [await put({ payload: 'x' }), await put({ payload: 'y' })]
    // A worker that vanished in mid-step, as far as the store can tell.
    const claimed = await store.claim({ workerId: 'gone', queues: ['default'], limit: 2, leaseMs: 1 })
    for (const job of claimed) {
      const step = { stepId: 'send', position: 0, connector: 'mail', effect: 'unsafe', attempt: 1 } as const
      const rest = { input: undefined, inputDigest: undefined, output: undefined, error: undefined }
      const times = { startedAt: 1, finishedAt: undefined, durationMs: undefined, costMicros: 0 }
      const steps = [{ ...step, ...rest, ...times, state: 'running' as const }]
      expect(await store.record({ jobId: job.id, claims: job.claims, events: [], steps })).toBe(true)
    }
    const runner = make()
    runner.start()
    for (const jobId of ids) await reached(jobId, 'blocked')
    expect(sent).toEqual([])
    const [x = '', y = ''] = ids
    const decide = (jobId: string, decision: 'retry' | 'skip') =>
      write((tx) => store.resolveStep(tx, { workspaceId, jobId, stepId: 'send' }, decision))
    expect(await decide(x, 'retry')).toBe(true)
    expect(await decide(y, 'skip')).toBe(true)
    for (const jobId of ids) await reached(jobId, 'succeeded')
    await runner.stop()
    expect(sent).toEqual(['x'])
    expect((await store.get({ jobId: y }))?.result).toBe('skip')
  })

  it('hands running jobs back when it stops, without a failure, and another runner finishes them', async () => {
    let patient = true
    const task = work(async ({ signal }) => {
      if (patient) await untilAborted(signal)
      return { kind: 'succeeded' }
    })
    const { store, put, make, reached, outcomes } = await setup(test, [task])
    const jobId = await put()
    const first = make()
    first.start()
    await reached(jobId, 'running')
    await first.stop({ handBackAfterMs: 1 })
    expect(await store.get({ jobId })).toMatchObject({ state: 'queued', failures: 0, crashes: 0 })
    patient = false
    const second = make()
    second.start()
    await reached(jobId, 'succeeded')
    await second.stop()
    expect(await outcomes(jobId)).toEqual(['handed_back', 'succeeded'])
  })

  it('lets running jobs end when it stops and there is time', async () => {
    let finish: (() => void) | undefined
    const task = work(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return { kind: 'succeeded' }
    })
    const { store, put, make } = await setup(test, [task])
    const jobId = await put()
    const runner = make()
    runner.start()
    await until(() => finish !== undefined, { what: 'the task runs' })
    const stopped = runner.stop()
    const late = await put()
    finish?.()
    await stopped
    expect(await store.get({ jobId })).toMatchObject({ state: 'succeeded' })
    expect(await store.get({ jobId: late })).toMatchObject({ state: 'queued' })
  })

  it('keeps a long job by its heartbeats, and stops one that was taken away', async () => {
    let stopped: unknown
    const task = work(async ({ signal, flush, log }) => {
      await untilAborted(signal).catch((error: unknown) => {
        stopped = error
      })
      log('info', 'too late')
      await expect(flush()).rejects.toMatchObject({ code: 'claim_lost' })
      return { kind: 'succeeded', result: 'stale' }
    })
    const { store, put, make, reached, write } = await setup(test, [task], {
      leaseMs: 1_500,
      heartbeatMs: 50,
    })
    const jobId = await put()
    const runner = make()
    runner.start()
    await reached(jobId, 'running')
    const claimedAt = (await store.get({ jobId }))?.claimedAt ?? 0
    await until(async () => ((await store.get({ jobId }))?.leaseUntil ?? 0) > claimedAt + 1_700, {
      what: 'the lease has been extended several times',
    })
    expect(await store.get({ jobId })).toMatchObject({ claims: 1, crashes: 0 })
    await write((tx) =>
      tx.run(`UPDATE jobs SET claims = claims + 1, worker = 'thief', lease_until = $1`, [
        Date.now() + 60_000,
      ]),
    )
    await until(() => stopped !== undefined, { what: 'the task was told' })
    await until(() => runner.running === 0, { what: 'the slot is free' })
    await runner.stop()
    expect(stopped).toMatchObject({ code: 'lease_lost' })
    expect(await store.get({ jobId })).toMatchObject({ state: 'running', worker: 'thief', logLines: 0 })
  })

  it('enqueues and writes with the settlement, and is dead when that can never be written', async () => {
    const task = work(async ({ payload }) => ({
      kind: 'succeeded',
      enqueue: [{ workspaceId, kind: 'next', payload: null }],
      async also(tx) {
        if (payload === 'bad') throw new Error('no such table')
        await tx.run('SELECT 1')
      },
    }))
    const next = work(async () => ({ kind: 'succeeded' }), 'next')
    const { store, put, make, reached } = await setup(test, [task, next])
    const good = await put()
    const bad = await put({ payload: 'bad' })
    const runner = make()
    runner.start()
    await reached(good, 'succeeded')
    await reached(bad, 'dead')
    await until(async () => (await store.list({ kind: 'next', states: ['succeeded'] })).jobs.length === 1, {
      what: 'the follow-up job is done',
    })
    await runner.stop()
    expect((await store.get({ jobId: bad }))?.error).toMatchObject({ code: 'settlement_refused' })
    expect((await store.list({ kind: 'next' })).jobs).toHaveLength(1)
  })

  it('bounds the log of a job', async () => {
    const task = work(async ({ log }) => {
      for (let line = 0; line < 1_100; line++) log('info', 'x'.repeat(3_000))
      return { kind: 'succeeded' }
    })
    const { store, put, make, reached } = await setup(test, [task])
    const jobId = await put()
    const runner = make()
    runner.start()
    await reached(jobId, 'succeeded')
    await runner.stop()
    expect((await store.get({ jobId }))?.logLines).toBe(1_001)
    const tail = await store.logs({ workspaceId, jobId, afterSeq: 999 })
    expect(tail.map((line) => line.message.slice(0, 15))).toEqual(['xxxxxxxxxxxxxxx', 'The log is full'])
    expect(tail[0]?.message).toHaveLength(2_000)
  })

  it('never runs more jobs at a time than it has slots', async () => {
    let now = 0
    let most = 0
    const task = work(async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
      return { kind: 'succeeded' }
    })
    const { store, put, make } = await setup(test, [task], { concurrency: 3 })
    await Promise.all(Array.from({ length: 30 }, () => put()))
    const runner = make()
    runner.start()
    await until(async () => (await store.list({ states: ['succeeded'], limit: 100 })).jobs.length === 30, {
      what: 'all jobs are done',
    })
    await runner.stop()
    expect(most).toBe(3)
  })
})
