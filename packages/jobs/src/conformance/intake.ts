// Conformance: what enqueue guarantees.
import { describe, expect, it } from 'vitest'
import { abroad, home, jobOf, type OpenBed, put, putOne, take, takeOne, write } from './bed.ts'

export function intakeConformance(open: OpenBed): void {
  describe('enqueue', () => {
    it('keeps every part of the job', async () => {
      const bed = await open()
      const spec = {
        workspaceId: home,
        kind: 'workflow',
        queue: 'slow',
        payload: { text: 'ä"\\\u2028', list: [1, null, { deep: true }] },
        priority: 'high',
        callbackUrl: 'https://example.org/done',
        workflow: { id: 'w', versionId: 'v', name: 'page-digest' },
        parentId: 'p',
        requestId: 'r',
        timeoutMs: 5,
        maxFailures: 7,
        retryDelaysMs: [1, 2],
      } as const
      const { jobId, status, replayed } = await write(bed, (tx) => bed.store.enqueue(tx, spec))
      expect({ status, replayed }).toEqual({ status: 'queued', replayed: false })
      const { workspaceId, kind, queue, payload, priority, callbackUrl, workflow, parentId, requestId } = spec
      expect(await jobOf(bed, jobId)).toMatchObject({
        ...{ workspaceId, kind, queue, payload, priority, callbackUrl, workflow, parentId, requestId },
        ...{ timeoutMs: 5, maxFailures: 7, retryDelaysMs: [1, 2], state: 'queued' },
        ...{ claims: 0, failures: 0, crashes: 0, redrives: 0, createdAt: bed.clock.now() },
      })
    })

    it('happens only when the caller commits', async () => {
      const bed = await open()
      const failing = write(bed, async (tx) => {
        await bed.store.enqueue(tx, { workspaceId: home, kind: 'work', payload: 1 })
        throw new Error('changed my mind')
      })
      await expect(failing).rejects.toThrow('changed my mind')
      expect(await take(bed)).toEqual([])
    })

    it('joins a transaction bound to its workspace and refuses one bound to another', async () => {
      const bed = await open()
      const spec = { workspaceId: home, kind: 'work', payload: 1 }
      await bed.database.workspace(home).transaction((tx) => bed.store.enqueue(tx, spec))
      const foreign = bed.database.workspace(abroad).transaction((tx) => bed.store.enqueue(tx, spec))
      await expect(foreign).rejects.toMatchObject({ code: 'bad_job' })
      expect((await bed.store.list({})).jobs).toHaveLength(1)
    })

    it('answers a repeated key and body with the first result, whatever became of the job', async () => {
      const bed = await open()
      const spec = {
        workspaceId: home,
        kind: 'work',
        payload: 1,
        runAt: bed.clock.now() + 1_000,
        idempotency: { key: 'k', bodyDigest: 'd' },
      }
      const first = await write(bed, (tx) => bed.store.enqueue(tx, spec))
      bed.clock.advance(1_000)
      await bed.store.promote()
      await takeOne(bed)
      const second = await write(bed, (tx) => bed.store.enqueue(tx, spec))
      expect(second).toEqual({ ...first, status: 'scheduled', replayed: true })
      expect((await bed.store.list({})).jobs).toHaveLength(1)
    })

    it('refuses a known key with another body', async () => {
      const bed = await open()
      const jobId = await putOne(bed, { idempotency: { key: 'k', bodyDigest: 'd' } })
      const other = putOne(bed, { idempotency: { key: 'k', bodyDigest: 'e' } })
      await expect(other).rejects.toMatchObject({ code: 'idempotency_conflict', details: { jobId } })
    })

    it('keeps the keys of two workspaces apart', async () => {
      const bed = await open()
      const idempotency = { key: 'k', bodyDigest: 'd' }
      const [a, b] = await put(bed, { idempotency }, { idempotency, workspaceId: abroad })
      expect(a).not.toBe(b)
    })

    it('makes one job of 20 concurrent calls with one key', async () => {
      const bed = await open()
      const idempotency = { key: 'k', bodyDigest: 'd' }
      const ids = await Promise.all(Array.from({ length: 20 }, () => putOne(bed, { idempotency })))
      expect(new Set(ids).size).toBe(1)
    })

    it('takes in jobs up to the cap of the workspace and not one more', async () => {
      const bed = await open({ maxWaitingPerWorkspace: 3 })
      const later = bed.clock.now() + 1_000
      const kept = { key: 'kept', bodyDigest: 'd' }
      await put(bed, { idempotency: kept }, { runAt: later }, {})
      await expect(putOne(bed)).rejects.toMatchObject({ code: 'queue_full', details: { limit: 3 } })
      await putOne(bed, { workspaceId: abroad })
      expect(await putOne(bed, { idempotency: kept })).toBeDefined()
      await takeOne(bed)
      await putOne(bed)
      await expect(putOne(bed)).rejects.toMatchObject({ code: 'queue_full' })
    })

    it.each([
      ['an empty workspace', { workspaceId: '' }],
      ['a kind with spaces', { kind: 'a b' }],
      ['a kind that is too long', { kind: 'a'.repeat(101) }],
      ['a queue with capitals', { queue: 'Default' }],
      ['an empty key', { idempotency: { key: '', bodyDigest: 'd' } }],
      ['a key that is too long', { idempotency: { key: 'k'.repeat(256), bodyDigest: 'd' } }],
      ['an address that is too long', { callbackUrl: 'u'.repeat(2_001) }],
      ['a fraction of a millisecond', { runAt: 1.5 }],
      ['no time at all', { timeoutMs: 0 }],
      ['more than a day', { timeoutMs: 86_400_001 }],
      ['no try at all', { maxFailures: 0 }],
      ['too many tries', { maxFailures: 101 }],
      ['a negative delay', { retryDelaysMs: [-1] }],
      ['too many delays', { retryDelaysMs: Array.from({ length: 21 }, () => 1) }],
    ])('refuses %s and writes nothing', async (_, spec) => {
      const bed = await open()
      await expect(putOne(bed, spec)).rejects.toMatchObject({ code: 'bad_job' })
      expect((await bed.store.list({})).jobs).toEqual([])
    })

    it('takes every bound at its edge', async () => {
      const bed = await open()
      const jobId = await putOne(bed, {
        kind: 'a'.repeat(100),
        idempotency: { key: 'k'.repeat(255), bodyDigest: 'd' },
        callbackUrl: 'u'.repeat(2_000),
        timeoutMs: 86_400_000,
        maxFailures: 100,
        retryDelaysMs: Array.from({ length: 20 }, () => 86_400_000),
      })
      expect((await jobOf(bed, jobId)).maxFailures).toBe(100)
    })
  })

  describe('a scheduled job', () => {
    it('is queued when it is due and not before', async () => {
      const bed = await open()
      const jobId = await putOne(bed, { runAt: bed.clock.now() + 1_000 })
      expect(await jobOf(bed, jobId)).toMatchObject({ state: 'scheduled', stateReason: 'delay' })
      bed.clock.advance(999)
      expect(await bed.store.promote()).toBe(0)
      expect(await take(bed)).toEqual([])
      bed.clock.advance(1)
      expect(await bed.store.promote()).toBe(1)
      expect((await takeOne(bed)).id).toBe(jobId)
    })

    it('is queued at once when its time has passed', async () => {
      const bed = await open()
      expect(await jobOf(bed, await putOne(bed, { runAt: bed.clock.now() }))).toMatchObject({
        state: 'queued',
      })
    })
  })
}
