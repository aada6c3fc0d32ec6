// Random sequences of verbs against a model of a few lines: the store moves jobs as the state machine says, counts
// what it should, and never otherwise. fast-check prints the seed and the shortest failing sequence.
import { type Database, openDatabase } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { manualClock, postgresForTests, realIds, sqliteForTests } from '@levqor/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canMove, createJobStore, isFinished, type JobState, jobsSchema, poisonCrashes } from '../index.ts'
import type { Settlement } from './settle.ts'

const workspaceId = '01890000-0000-7000-8000-000000000001'
const leaseMs = 1_000

interface ModelJob {
  readonly id: string
  state: JobState
  claims: number
  failures: number
  crashes: number
  redrives: number
  cancelRequested: boolean
  runAt: number
  leaseUntil: number
  ended: number
}

type Command =
  | { readonly verb: 'enqueue'; readonly delay: number }
  | { readonly verb: 'claim'; readonly limit: number }
  | { readonly verb: 'settle'; readonly job: number; readonly how: number; readonly stale: boolean }
  | { readonly verb: 'heartbeat' }
  | { readonly verb: 'cancel' | 'redrive' | 'unblock'; readonly job: number }
  | { readonly verb: 'advance'; readonly ms: number }

const index = fc.nat(9)
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ verb: fc.constant('enqueue' as const), delay: fc.constantFrom(0, 0, 500) }),
  fc.record({ verb: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    verb: fc.constant('settle' as const),
    job: index,
    how: fc.nat(4),
    stale: fc.constantFrom(false, false, true),
  }),
  fc.record({ verb: fc.constant('heartbeat' as const) }),
  fc.record({ verb: fc.constantFrom('cancel' as const, 'redrive' as const, 'unblock' as const), job: index }),
  fc.record({ verb: fc.constant('advance' as const), ms: fc.constantFrom(1, 400, 1_001) }),
)

describe.each([
  ['sqlite', sqliteForTests, 60],
  ['postgres', postgresForTests, 20],
])('on %s', (_, fresh, numRuns) => {
  const clock = manualClock()
  const ids = realIds()
  let database: Database
  let drop: () => Promise<void>

  beforeAll(async () => {
    const made = await fresh()
    drop = made.drop
    database = await openDatabase({ url: made.url, schemas: [jobsSchema], clock, ids, synchronous: 'NORMAL' })
  })

  afterAll(async () => {
    await database.close()
    await drop()
  })

  it('the store follows the state machine through any sequence of verbs', async () => {
    const system = asSystem(database)
    const store = createJobStore({ database, clock, ids })

    async function play(commands: readonly Command[]): Promise<void> {
      await system.transaction(async (tx) => {
        for (const table of Object.keys(jobsSchema.dataMap)) await tx.run(`DELETE FROM ${table}`)
      })
      const model = new Map<string, ModelJob>()
      const pick = (at: number) => [...model.values()][at % Math.max(1, model.size)]
      for (const step of commands) {
        await apply(step, model, pick)
        await compare(model)
      }
    }

    async function apply(
      step: Command,
      model: Map<string, ModelJob>,
      pick: (at: number) => ModelJob | undefined,
    ): Promise<void> {
      switch (step.verb) {
        case 'enqueue': {
          const runAt = clock.now() + step.delay
          const { jobId, status } = await system.transaction((tx) =>
            store.enqueue(tx, { workspaceId, kind: 'work', payload: null, runAt }),
          )
          const counters = { claims: 0, failures: 0, crashes: 0, redrives: 0, ended: 0, leaseUntil: 0 }
          model.set(jobId, { id: jobId, state: status, cancelRequested: false, runAt, ...counters })
          return
        }
        case 'claim': {
          const queued = [...model.values()].filter((job) => job.state === 'queued').length
          const jobs = await store.claim({ workerId: 'w', queues: ['default'], limit: step.limit, leaseMs })
          expect(jobs).toHaveLength(Math.min(queued, step.limit))
          for (const { id } of jobs) {
            const job = known(model, id)
            expect(job.state).toBe('queued')
            Object.assign(job, {
              state: 'running',
              claims: job.claims + 1,
              leaseUntil: clock.now() + leaseMs,
            })
          }
          return
        }
        case 'settle': {
          const job = pick(step.job)
          if (!job) return
          const settlement = settlements(clock.now())[step.how]
          if (!settlement) throw new Error('There are five ways to settle.')
          const claims = step.stale ? job.claims - 1 : job.claims
          const [settled] = await store.settle([{ ...settlement, jobId: job.id, claims }])
          const valid = job.state === 'running' && !step.stale
          expect(settled !== undefined).toBe(valid)
          if (valid) endClaim(job, settlement)
          return
        }
        case 'heartbeat': {
          const running = [...model.values()].filter((job) => job.state === 'running')
          const jobIds = [...model.keys()]
          const held = await store.heartbeat({ workerId: 'w', jobIds, leaseMs })
          expect(held).toHaveLength(running.length)
          for (const job of running) job.leaseUntil = clock.now() + leaseMs
          return
        }
        case 'cancel': {
          const job = pick(step.job)
          if (!job) return
          await system.transaction((tx) => store.cancel(tx, { workspaceId, jobId: job.id }))
          if (job.state === 'running') job.cancelRequested = true
          else if (!isFinished(job.state)) Object.assign(job, { state: 'cancelled', cancelRequested: true })
          return
        }
        case 'redrive': {
          const job = pick(step.job)
          if (!job) return
          const result = await system.transaction((tx) => store.redrive(tx, { workspaceId, jobId: job.id }))
          const can = job.state === 'dead' || job.state === 'cancelled'
          expect(result).toBe(can ? 'redriven' : 'not_dead')
          if (!can) return
          const fresh = { state: 'queued', failures: 0, crashes: 0, cancelRequested: false }
          Object.assign(job, { ...fresh, redrives: job.redrives + 1 })
          return
        }
        case 'unblock': {
          const job = pick(step.job)
          if (!job) return
          const unblocked = await system.transaction((tx) =>
            store.unblock(tx, { workspaceId, jobId: job.id }),
          )
          expect(unblocked).toBe(job.state === 'blocked')
          if (unblocked) job.state = 'queued'
          return
        }
        case 'advance': {
          clock.advance(step.ms)
          for (const job of model.values()) {
            if (job.state === 'scheduled' && job.runAt <= clock.now()) job.state = 'queued'
            else if (job.state === 'running' && job.leaseUntil < clock.now()) {
              endClaim(job, { to: job.crashes + 1 >= poisonCrashes ? 'dead' : 'queued', crashed: true })
            }
          }
          await store.promote()
          await store.reap()
        }
      }
    }

    const before = new Map<string, JobState>()
    async function compare(model: Map<string, ModelJob>): Promise<void> {
      const { jobs } = await store.list({ limit: 100 })
      expect(jobs).toHaveLength(model.size)
      for (const job of jobs) {
        const { state, claims, failures, crashes, redrives, cancelRequested, ended } = known(model, job.id)
        expect(job).toMatchObject({ state, claims, failures, crashes, redrives, cancelRequested })
        const from = before.get(job.id)
        if (from !== undefined && from !== job.state) expect(canMove(from, job.state)).toBe(true)
        before.set(job.id, job.state)
        expect(job.finishedAt !== undefined).toBe(isFinished(job.state))
        const attempts = await store.attempts({ jobId: job.id })
        expect(attempts.filter((attempt) => attempt.endedAt !== undefined)).toHaveLength(ended)
      }
    }

    await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 40 }), play), { numRuns })
  })
})

type Ending = Omit<Settlement, 'jobId' | 'claims'>

function settlements(now: number): readonly Ending[] {
  return [
    { to: 'succeeded', outcome: 'succeeded', result: 1 },
    { to: 'scheduled', outcome: 'failed', failed: true, runAt: now + 500, reason: 'retry' },
    { to: 'queued', outcome: 'handed_back' },
    { to: 'blocked', outcome: 'blocked', reason: 'approval' },
    { to: 'dead', outcome: 'failed', failed: true, error: { code: 'broken', message: '' } },
  ]
}

function endClaim(job: ModelJob, ending: Pick<Ending, 'to' | 'failed' | 'crashed' | 'runAt'>): void {
  job.state = job.cancelRequested && ending.to !== 'succeeded' ? 'cancelled' : ending.to
  if (ending.failed) job.failures += 1
  if (ending.crashed) job.crashes += 1
  if (ending.runAt !== undefined) job.runAt = ending.runAt
  job.ended += 1
}

function known(model: Map<string, ModelJob>, id: string): ModelJob {
  const job = model.get(id)
  if (!job) throw new Error(`The store made up the job ${id}.`)
  return job
}
