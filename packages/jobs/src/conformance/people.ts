// Conformance: what people do with jobs: cancel, redrive, unblock, decide.
import { describe, expect, it } from 'vitest'
import {
  abroad,
  type ConformanceBed,
  home,
  jobOf,
  kill,
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
import { claimOf, stepOf } from './claims.ts'

const cancel = (bed: ConformanceBed, jobId: string, workspaceId = home) =>
  write(bed, (tx) => bed.store.cancel(tx, { workspaceId, jobId }, 'ada'))

const redrive = (bed: ConformanceBed, jobId: string, workspaceId = home) =>
  write(bed, (tx) => bed.store.redrive(tx, { workspaceId, jobId }, { by: 'ada' }))

export function peopleConformance(open: OpenBed): void {
  describe('cancel', () => {
    it('ends a waiting job at once and says so in its log', async () => {
      const bed = await open()
      const [queued, scheduled] = await put(bed, {}, { runAt: bed.clock.now() + 1_000 })
      for (const jobId of [queued ?? '', scheduled ?? '']) {
        expect(await cancel(bed, jobId)).toBe('cancelled')
        expect(await jobOf(bed, jobId)).toMatchObject({ state: 'cancelled', finishedAt: bed.clock.now() })
        expect(await bed.store.events({ workspaceId: home, jobId })).toMatchObject([
          { seq: 1, type: 'state', data: { state: 'cancelled', by: 'ada' } },
        ])
      }
      expect(await take(bed, 5)).toEqual([])
    })

    it('asks the worker of a running job through its heartbeat, and turns its end into cancelled', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const job = await takeOne(bed)
      expect(await cancel(bed, jobId)).toBe('requested')
      expect(await cancel(bed, jobId)).toBe('requested')
      expect(await bed.store.peek([])).toMatchObject({ cancelling: true })
      const beat = await bed.store.heartbeat({ workerId: 'worker-a', jobIds: [jobId], leaseMs })
      expect(beat).toEqual([{ jobId, claims: 1, cancelRequested: true }])
      const runAt = bed.clock.now() + 1_000
      const retry = { to: 'scheduled', outcome: 'failed', failed: true, runAt } as const
      await settleOne(bed, { ...claimOf(job), ...retry })
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'cancelled', finishedAt: bed.clock.now() })
    })

    it('comes too late for a success', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const job = await takeOne(bed)
      await cancel(bed, jobId)
      expect(await succeed(bed, job)).toMatchObject({ state: 'succeeded' })
      expect(await cancel(bed, jobId)).toBe('finished')
    })

    it('reaches a job whose worker vanished', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      await takeOne(bed)
      await cancel(bed, jobId)
      bed.clock.advance(leaseMs + 1)
      expect(await bed.store.reap()).toMatchObject([{ id: jobId, state: 'cancelled' }])
    })

    it('does not find the job of another workspace', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      expect(await cancel(bed, jobId, abroad)).toBe('not_found')
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'queued' })
    })
  })

  describe('redrive', () => {
    it('brings the same job back with fresh counters and its whole history', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      await kill(bed, await takeOne(bed), 'http_500')
      expect(await redrive(bed, jobId, abroad)).toBe('not_found')
      expect(await redrive(bed, jobId)).toBe('redriven')
      expect(await redrive(bed, jobId)).toBe('not_dead')
      expect(await jobOf(bed, jobId)).toMatchObject({
        ...{ state: 'queued', failures: 0, crashes: 0, redrives: 1, claims: 1 },
        ...{ error: undefined, finishedAt: undefined },
      })
      expect(await bed.store.events({ workspaceId: home, jobId })).toMatchObject([
        { data: { reason: 'redriven_from_dead', error: { code: 'http_500' }, by: 'ada', redrives: 1 } },
      ])
      await succeed(bed, await takeOne(bed))
      expect(await bed.store.attempts({ jobId })).toMatchObject([
        { claim: 1, outcome: 'failed', redrive: 0, error: { code: 'http_500' } },
        { claim: 2, outcome: 'succeeded', redrive: 1 },
      ])
    })

    it('brings back a cancelled job, whose next run is not cancelled', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      await cancel(bed, jobId)
      expect(await redrive(bed, jobId)).toBe('redriven')
      expect(await takeOne(bed)).toMatchObject({ id: jobId, cancelRequested: false })
    })

    it('previews and brings back what a filter names, at a bounded rate', async () => {
      const bed = await open()
      const workflow = { id: 'w1', versionId: 'v', name: 'digest' }
      await put(bed, ...Array.from({ length: 5 }, () => ({ workflow })), {}, { workspaceId: abroad })
      for (const job of await take(bed, 7)) await kill(bed, job, job.workflow ? 'http_500' : 'other')
      const filter = { workspaceId: home, errorCode: 'http_500' }
      expect(await bed.store.previewRedrive(filter)).toEqual({
        count: 5,
        workflows: [{ workflowId: 'w1', name: 'digest', count: 5 }],
        oldestFinishedAt: bed.clock.now(),
        newestFinishedAt: bed.clock.now(),
        costMicros: 0,
      })
      const redriven = await write(bed, (tx) => bed.store.redriveMany(tx, filter, { perSecond: 2 }))
      expect(redriven).toHaveLength(5)
      expect((await bed.store.stats()).totals).toMatchObject({ queued: 2, scheduled: 3, dead: 2 })
      bed.clock.advance(2_000)
      await bed.store.promote()
      expect((await bed.store.stats()).totals).toMatchObject({ queued: 5, scheduled: 0 })
    })

    it('previews nothing as nothing', async () => {
      const bed = await open()
      expect(await bed.store.previewRedrive({})).toMatchObject({ count: 0, workflows: [], costMicros: 0 })
    })
  })

  describe('a blocked job', () => {
    it('waits until it is unblocked', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const block = { to: 'blocked', outcome: 'blocked', reason: 'approval' } as const
      await settleOne(bed, { ...claimOf(await takeOne(bed)), ...block })
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'blocked', stateReason: 'approval' })
      expect(await take(bed)).toEqual([])
      const address = { workspaceId: home, jobId }
      expect(await write(bed, (tx) => bed.store.unblock(tx, { ...address, workspaceId: abroad }))).toBe(false)
      expect(await write(bed, (tx) => bed.store.unblock(tx, address, 'ada'))).toBe(true)
      expect(await write(bed, (tx) => bed.store.unblock(tx, address))).toBe(false)
      expect(await takeOne(bed)).toMatchObject({ id: jobId, stateReason: undefined })
    })

    it('goes on with what a person decided about its unsafe step', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const job = await takeOne(bed)
      const step = { ...stepOf('send'), effect: 'unsafe' as const }
      await bed.store.record({ ...claimOf(job), events: [], steps: [step, stepOf('safe', 1)] })
      const address = { workspaceId: home, jobId, stepId: 'send' }
      const resolve = (stepId: string, workspaceId = home) =>
        write(bed, (tx) => bed.store.resolveStep(tx, { ...address, stepId, workspaceId }, 'skip', 'ada'))
      expect(await resolve('send')).toBe(false)
      const block = { to: 'blocked', outcome: 'blocked', reason: 'undecided_step' } as const
      await settleOne(bed, { ...claimOf(job), ...block })
      expect(await resolve('safe')).toBe(false)
      expect(await resolve('send', abroad)).toBe(false)
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'blocked' })
      expect(await resolve('send')).toBe(true)
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'queued' })
      expect((await bed.store.steps({ jobId }))[0]).toMatchObject({ stepId: 'send', decision: 'skip' })
    })
  })
}
