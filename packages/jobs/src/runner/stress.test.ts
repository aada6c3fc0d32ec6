// Several runners on one database, each with a store and a connection of its own as if it were a process, with jobs
// that fail, wait, hang and crash, people who cancel and redrive, and runners that vanish. Seeded: the choices are
// replayed by the seed, though not the interleaving. Nothing is lost, nothing is settled twice, nothing is stuck.
import { asSystem } from '@levqor/database/system'
import { eachStore, realIds, seededRandom, systemClock, until } from '@levqor/testing'
import { expect, it } from 'vitest'
import { createJobStore, createRunner, defineTask, type JobStore, jobsSchema, taskError } from '../index.ts'

const workspaceId = '01890000-0000-7000-8000-000000000001'
const jobCount = 150

eachStore((test) => {
  it.each([1, 2])('seed %i: nothing lost, nothing settled twice, nothing stuck', async (seed) => {
    const random = seededRandom(seed)
    const chance = (probability: number) => random() < probability
    const ids = realIds()
    const url = await test.fresh()

    const task = defineTask({
      id: 'work',
      async run({ job, steps, signal }) {
        const start = await steps.begin({ stepId: 'a', position: 0, connector: 'x', effect: 'idempotent' })
        if (start.kind === 'run') await steps.finish('a', { output: job.claims })
        if (chance(0.15)) return { kind: 'wait', until: Date.now() + 5 }
        if (chance(0.15)) throw taskError({ code: 'odd', message: 'odd', final: chance(0.2) })
        if (chance(0.03)) await new Promise((resolve) => signal.addEventListener('abort', resolve))
        const end = await steps.begin({ stepId: 'b', position: 1, connector: 'x', effect: 'idempotent' })
        if (end.kind === 'run') await steps.finish('b', { output: null })
        return {
          kind: 'succeeded',
          result: job.claims,
          // The settlement's own transaction: counts what was settled as succeeded, rolled back with it.
          async also(tx) {
            await tx.run(`UPDATE job_shares SET weight = weight + 1 WHERE workspace_id = 'settled'`)
          },
        }
      },
    })

    async function open() {
      const database = await test.open([jobsSchema], { url, ids, synchronous: 'NORMAL', poolSize: 4 })
      return { database, store: createJobStore({ database, clock: systemClock, ids }) }
    }

    // A runner that vanishes: its store stops answering in the middle, its jobs keep their leases.
    async function startRunner() {
      const { store } = await open()
      let gone = false
      const silent = () => new Promise<never>(() => undefined)
      const mute: JobStore = { ...store }
      for (const verb of ['claim', 'settle', 'heartbeat', 'record', 'seeWorker', 'peek'] as const) {
        const real = store[verb]
        // Each verb keeps its own signature; only its answer may stay away.
        Object.assign(mute, {
          [verb]: (...args: never[]) =>
            gone ? silent() : (real as (...args: never[]) => Promise<unknown>)(...args),
        })
      }
      const options = { leaseMs: 150, heartbeatMs: 40, pollMs: 20, concurrency: 5, defaultTimeoutMs: 80 }
      const runner = createRunner({ ...options, store: mute, tasks: [task], random, retention: false })
      runner.start()
      const vanish = () => {
        gone = true
      }
      return { runner, vanish }
    }

    const { database, store } = await open()
    const write = asSystem(database).transaction
    await write((tx) => store.setShare(tx, 'settled', 1))
    const jobIds: string[] = []
    const runners = [await startRunner(), await startRunner(), await startRunner()]
    for (let n = 0; n < jobCount; n++) {
      const spec = { workspaceId, kind: 'work', payload: n, retryDelaysMs: [1, 2, 3] }
      const { jobId } = await write((tx) => store.enqueue(tx, spec))
      jobIds.push(jobId)
      const other = jobIds[Math.floor(random() * jobIds.length)] ?? jobId
      if (chance(0.1)) await write((tx) => store.cancel(tx, { workspaceId, jobId: other }))
      if (chance(0.1)) await write((tx) => store.redrive(tx, { workspaceId, jobId: other }))
      if (n % 50 === 25) {
        const [first] = runners.splice(0, 1, await startRunner())
        first?.vanish()
      }
    }
    await until(
      async () => {
        const { queued, scheduled, running, blocked } = (await store.stats()).totals
        return queued + scheduled + running + blocked === 0
      },
      { what: 'every job is finished', timeoutMs: 15_000 },
    )
    for (const { runner } of runners) await runner.stop()

    const jobs = await Promise.all(jobIds.map((jobId) => store.get({ jobId })))
    let succeeded = 0
    for (const job of jobs) {
      if (!job) throw new Error('A job is lost.')
      const attempts = await store.attempts({ jobId: job.id })
      // Every claim ended once, with one outcome, in order.
      expect(attempts.map((attempt) => attempt.claim)).toEqual(attempts.map((_, index) => index + 1))
      expect(attempts).toHaveLength(job.claims)
      const successes = attempts.filter((attempt) => attempt.outcome === 'succeeded')
      expect(successes.length).toBe(job.state === 'succeeded' ? 1 : 0)
      if (job.state === 'succeeded') {
        succeeded += 1
        expect(job.result).toBe(job.claims)
        expect(attempts.at(-1)?.outcome).toBe('succeeded')
      }
    }
    const [counter] = await asSystem(database).read.query<{ weight: number }>(
      `SELECT weight FROM job_shares WHERE workspace_id = 'settled'`,
    )
    expect(counter?.weight).toBe(succeeded + 1)
    expect(succeeded).toBeGreaterThan(jobCount / 2)
  })
})
