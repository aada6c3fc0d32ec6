// Conformance: how a claim ends, exactly once.
import { describe, expect, it } from 'vitest'
import type { EnqueueSpec, Job } from '../job.ts'
import { home, jobOf, kill, type OpenBed, putOne, settleOne, succeed, take, takeOne, write } from './bed.ts'
import { claimOf } from './claims.ts'

export function settlementsConformance(open: OpenBed): void {
  describe('settle', () => {
    it('keeps the result and one attempt', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const job = await takeOne(bed)
      bed.clock.advance(7)
      await succeed(bed, job, { answer: 42 })
      expect(await jobOf(bed, jobId)).toMatchObject({
        ...{ state: 'succeeded', result: { answer: 42 }, error: undefined, progress: 100 },
        ...{ finishedAt: bed.clock.now(), leaseUntil: undefined },
      })
      expect(await bed.store.attempts({ jobId })).toMatchObject([
        { claim: 1, startedAt: bed.clock.now() - 7, endedAt: bed.clock.now(), outcome: 'succeeded' },
      ])
    })

    it('happens once, however many try at the same time', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const job = await takeOne(bed)
      const tries = Array.from({ length: 10 }, (_, index) =>
        index % 2 ? succeed(bed, job, index) : kill(bed, job),
      )
      const won = (await Promise.all(tries)).filter((settled) => settled !== undefined)
      expect(won).toHaveLength(1)
      expect(await bed.store.attempts({ jobId })).toHaveLength(1)
    })

    it('settles a group, void claims among it', async () => {
      const bed = await open()
      for (let i = 0; i < 3; i++) await putOne(bed)
      const jobs = await take(bed, 3)
      const settlements = jobs.map((job, index) => ({
        ...claimOf(job),
        claims: index === 1 ? job.claims + 1 : job.claims,
        to: 'succeeded' as const,
        outcome: 'succeeded' as const,
        result: index,
      }))
      const settled = await bed.store.settle(settlements)
      expect(settled.map((job) => job?.result)).toEqual([0, undefined, 2])
      expect(settled[1]).toBeUndefined()
    })

    it('schedules a retry and counts the failure', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const error = { code: 'http_503', message: 'busy', details: { status: 503 } }
      const runAt = bed.clock.now() + 1_000
      const retry = {
        to: 'scheduled',
        outcome: 'failed',
        failed: true,
        reason: 'retry',
        runAt,
        error,
      } as const
      await settleOne(bed, { ...claimOf(await takeOne(bed)), ...retry })
      expect(await jobOf(bed, jobId)).toMatchObject({
        ...{ state: 'scheduled', stateReason: 'retry', runAt, failures: 1, error, finishedAt: undefined },
      })
      bed.clock.advance(1_000)
      await bed.store.promote()
      const again = await takeOne(bed)
      expect(again).toMatchObject({ claims: 2, failures: 1 })
      expect(await succeed(bed, again)).toMatchObject({ state: 'succeeded', error: undefined })
    })

    it('lets a waiting job hold neither lease nor worker', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const runAt = bed.clock.now() + 3_600_000
      const wait = { to: 'scheduled', outcome: 'waiting', reason: 'wait', runAt } as const
      await settleOne(bed, { ...claimOf(await takeOne(bed)), ...wait })
      bed.clock.advance(3_600_000)
      expect(await bed.store.reap()).toEqual([])
      expect(await jobOf(bed, jobId)).toMatchObject({ leaseUntil: undefined, failures: 0, crashes: 0 })
      expect(await bed.store.promote()).toBe(1)
    })

    it('hands back without a failure', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      await settleOne(bed, { ...claimOf(await takeOne(bed)), to: 'queued', outcome: 'handed_back' })
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'queued', claims: 1, failures: 0, crashes: 0 })
    })

    it('commits follow-up jobs and other writes with the settlement, or nothing at all', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const job = await takeOne(bed)
      const followUp: EnqueueSpec = { workspaceId: home, kind: 'next', payload: null, parentId: jobId }
      const settlement = {
        ...claimOf(job),
        to: 'succeeded',
        outcome: 'succeeded',
        enqueue: [followUp],
      } as const
      const failing = settleOne(bed, { ...settlement, also: () => Promise.reject(new Error('no')) })
      await expect(failing).rejects.toThrow('no')
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'running' })
      expect((await bed.store.list({ parentId: jobId })).jobs).toEqual([])
      await settleOne(bed, settlement)
      expect((await bed.store.list({ parentId: jobId })).jobs).toMatchObject([{ kind: 'next' }])
    })

    it('enqueues what a finished job causes, once, also when it is cancelled, and despite a full queue', async () => {
      const followUps = (job: Job): EnqueueSpec[] =>
        job.callbackUrl ? [{ workspaceId: job.workspaceId, kind: 'callback', payload: job.state }] : []
      const bed = await open({ followUps, maxWaitingPerWorkspace: 2 })
      const callbackUrl = 'https://example.org'
      const done = await putOne(bed, { callbackUrl })
      const doomed = await putOne(bed, { callbackUrl })
      await succeed(bed, await takeOne(bed))
      await write(bed, (tx) => bed.store.cancel(tx, { workspaceId: home, jobId: doomed }))
      await write(bed, (tx) => bed.store.cancel(tx, { workspaceId: home, jobId: doomed }))
      const callbacks = (await bed.store.list({ kind: 'callback' })).jobs
      expect(callbacks.map((job) => [job.parentId, job.payload]).sort()).toEqual(
        [
          [done, 'succeeded'],
          [doomed, 'cancelled'],
        ].sort(),
      )
    })
  })
}
