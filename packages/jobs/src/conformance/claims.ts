// Conformance: who gets which job, for how long, and what happens to jobs whose worker is gone.
import { describe, expect, it } from 'vitest'
import {
  abroad,
  home,
  jobOf,
  leaseMs,
  type OpenBed,
  put,
  putOne,
  settleOne,
  succeed,
  take,
  takeOne,
  write,
} from './bed.ts'

const many = (length: number, spec: object = {}) => Array.from({ length }, () => spec)

export function claimsConformance(open: OpenBed): void {
  describe('claim', () => {
    it('gives a job to one of many claimants', async () => {
      const bed = await open()
      await put(bed, ...many(40))
      const taken = await Promise.all(many(8).map((_, index) => take(bed, 7, `worker-${index}`)))
      const ids = taken.flat().map((job) => job.id)
      expect(ids).toHaveLength(40)
      expect(new Set(ids).size).toBe(40)
    })

    it('marks worker, claim number, lease and first start', async () => {
      const bed = await open()
      await putOne(bed)
      bed.clock.advance(5)
      const now = bed.clock.now()
      expect(await takeOne(bed)).toMatchObject({
        ...{ state: 'running', worker: 'worker-a', claims: 1, failures: 0, crashes: 0 },
        ...{ claimedAt: now, startedAt: now, leaseUntil: now + leaseMs },
      })
    })

    it('goes by priority, then by arrival', async () => {
      const bed = await open()
      const ids = await put(bed, { priority: 'low' }, {}, { priority: 'high' }, {}, { priority: 'high' })
      const order = (await take(bed, 10)).map((job) => ids.indexOf(job.id))
      expect(order).toEqual([2, 4, 1, 3, 0])
    })

    it('asks only the queues it was given, in their order', async () => {
      const bed = await open()
      const ids = await put(bed, { queue: 'a' }, { queue: 'b' }, { queue: 'c' })
      const jobs = await bed.store.claim({ workerId: 'w', queues: ['c', 'a'], limit: 10, leaseMs })
      expect(jobs.map((job) => ids.indexOf(job.id))).toEqual([2, 0])
    })
  })

  describe('fairness', () => {
    it('serves a quiet workspace next, however many jobs a loud one has queued', async () => {
      const bed = await open()
      await put(bed, ...many(50))
      await take(bed, 5)
      const quiet = await putOne(bed, { workspaceId: abroad })
      expect((await take(bed, 2)).map((job) => job.id)).toContain(quiet)
    })

    it('serves two backlogs by turns, in the ratio of their weights', async () => {
      const bed = await open()
      await write(bed, (tx) => bed.store.setShare(tx, abroad, 300))
      await put(bed, ...many(40), ...many(40, { workspaceId: abroad }))
      const first = await take(bed, 40)
      const served = first.filter((job) => job.workspaceId === abroad).length
      expect(served).toBeGreaterThanOrEqual(28)
      expect(served).toBeLessThanOrEqual(32)
    })

    it('gives no place in front to jobs that were scheduled for one moment', async () => {
      const bed = await open()
      const runAt = bed.clock.now() + 1_000
      await put(bed, ...many(30, { runAt }))
      bed.clock.advance(1_000)
      await bed.store.promote()
      const quiet = await put(bed, ...many(3, { workspaceId: abroad }))
      const first = (await take(bed, 6)).map((job) => job.id)
      expect(first).toEqual(expect.arrayContaining(quiet))
    })

    it.each([0, 10_001, 1.5])('refuses the weight %s', async (weight) => {
      const bed = await open()
      await expect(write(bed, (tx) => bed.store.setShare(tx, home, weight))).rejects.toMatchObject({
        code: 'bad_job',
      })
    })
  })

  describe('leases', () => {
    it('are extended by one heartbeat for all jobs of a worker, and only for its own', async () => {
      const bed = await open()
      await put(bed, ...many(3))
      const mine = await take(bed, 2)
      const other = await takeOne(bed, 'worker-b')
      bed.clock.advance(20_000)
      const jobIds = [...mine, other].map((job) => job.id)
      const held = await bed.store.heartbeat({ workerId: 'worker-a', jobIds, leaseMs })
      expect(held.map((lease) => lease.jobId).sort()).toEqual(mine.map((job) => job.id).sort())
      bed.clock.advance(10_001)
      expect((await bed.store.reap()).map((job) => job.id)).toEqual([other.id])
    })

    it('hold to their last millisecond', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      await takeOne(bed)
      bed.clock.advance(leaseMs)
      expect(await bed.store.reap()).toEqual([])
      bed.clock.advance(1)
      expect(await bed.store.reap()).toMatchObject([{ id: jobId, state: 'queued', crashes: 1, failures: 0 }])
    })

    it('let a job whose worker vanished keep its place', async () => {
      const bed = await open()
      const [first] = await put(bed, ...many(3))
      await takeOne(bed)
      bed.clock.advance(leaseMs + 1)
      await bed.store.reap()
      expect((await takeOne(bed)).id).toBe(first)
    })

    it('refuse everything of a worker that comes back too late', async () => {
      const bed = await open()
      await putOne(bed)
      const old = await takeOne(bed, 'zombie')
      bed.clock.advance(leaseMs + 1)
      await bed.store.reap()
      const current = await takeOne(bed, 'heir')
      expect(await succeed(bed, old, 'stale')).toBeUndefined()
      expect(await settleOne(bed, { ...claimOf(old), to: 'queued', outcome: 'handed_back' })).toBeUndefined()
      const entry = { ...claimOf(old), steps: [], events: [], progress: 99 }
      expect(await bed.store.record(entry)).toBe(false)
      expect(await bed.store.heartbeat({ workerId: 'zombie', jobIds: [old.id], leaseMs })).toEqual([])
      expect(await succeed(bed, current, 'fresh')).toMatchObject({ result: 'fresh' })
      const attempts = await bed.store.attempts({ jobId: old.id })
      expect(attempts.map((attempt) => [attempt.claim, attempt.worker, attempt.outcome])).toEqual([
        [1, 'zombie', 'crashed'],
        [2, 'heir', 'succeeded'],
      ])
    })

    it('end for the third time in the dead letters: the job is poison', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      for (const crashes of [1, 2]) {
        await takeOne(bed)
        bed.clock.advance(leaseMs + 1)
        expect(await bed.store.reap()).toMatchObject([{ state: 'queued', crashes }])
      }
      await takeOne(bed)
      bed.clock.advance(leaseMs + 1)
      await bed.store.reap()
      expect(await jobOf(bed, jobId)).toMatchObject({
        ...{ state: 'dead', crashes: 3, failures: 0, finishedAt: bed.clock.now() },
        error: { code: 'poison' },
      })
    })

    it('count crashes anew after a finished step', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      for (let crash = 1; crash <= 4; crash++) {
        const job = await takeOne(bed)
        const step = { ...stepOf(`s${crash}`), state: 'succeeded' as const }
        await bed.store.record({ ...claimOf(job), events: [], steps: [step] })
        bed.clock.advance(leaseMs + 1)
        await bed.store.reap()
      }
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'queued', crashes: 1, claims: 4 })
    })

    it('are not looked for in vain: peek tells when the next one ends and the next job is due', async () => {
      const bed = await open()
      const now = bed.clock.now()
      const nothing = { ready: false, nextDueAt: undefined, nextLeaseEndsAt: undefined, cancelling: false }
      expect(await bed.store.peek(['default'])).toEqual(nothing)
      await put(bed, {}, { runAt: now + 500 })
      expect(await bed.store.peek(['other'])).toEqual({ ...nothing, nextDueAt: now + 500 })
      expect(await bed.store.peek(['other', 'default'])).toMatchObject({ ready: true })
      await takeOne(bed)
      expect(await bed.store.peek(['default'])).toMatchObject({
        ready: false,
        nextLeaseEndsAt: now + leaseMs,
      })
    })
  })
}

export function claimOf(job: { readonly id: string; readonly claims: number }) {
  return { jobId: job.id, claims: job.claims }
}

export function stepOf(stepId: string, position = 0) {
  return {
    stepId,
    position,
    state: 'running' as const,
    connector: 'test',
    effect: 'idempotent' as const,
    attempt: 1,
    input: undefined,
    inputDigest: undefined,
    output: undefined,
    error: undefined,
    startedAt: 1,
    finishedAt: undefined,
    durationMs: undefined,
    costMicros: 0,
  }
}
