// Conformance: what can be read about jobs, and how long it is kept.
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../store/add-events.ts'
import { abroad, home, jobOf, kill, type OpenBed, put, putOne, succeed, take, takeOne } from './bed.ts'
import { claimOf, stepOf } from './claims.ts'

const dayMs = 86_400_000
const line = (message: string): NewEvent => ({ type: 'log', at: 1, data: { level: 'info', message } })

export function historyConformance(open: OpenBed): void {
  describe('the live log', () => {
    it('numbers events without gaps, whoever writes them', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const job = await takeOne(bed)
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          bed.store.record({ ...claimOf(job), steps: [], events: [line(`${index}a`), line(`${index}b`)] }),
        ),
      )
      const events = await bed.store.events({ workspaceId: home, jobId })
      expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
      expect(await bed.store.events({ workspaceId: home, jobId, afterSeq: 18 })).toHaveLength(2)
      expect(await bed.store.events({ workspaceId: abroad, jobId })).toEqual([])
      expect(await bed.store.logs({ workspaceId: home, jobId, limit: 1 })).toMatchObject([
        { seq: 1, level: 'info' },
      ])
      expect(await jobOf(bed, jobId)).toMatchObject({ eventSeq: 20, logLines: 20 })
    })

    it('is followed to the end of the job', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const seen: string[] = []
      const act = async () => {
        const job = await takeOne(bed)
        await bed.store.record({ ...claimOf(job), steps: [], events: [line('x')] })
        await succeed(bed, job)
      }
      const watching = (async () => {
        for await (const event of bed.store.watch({ workspaceId: home, jobId })) {
          seen.push(event.type === 'state' ? event.data.state : event.type)
          if (event.type === 'state' && event.data.state === 'queued') void act()
        }
      })()
      await watching
      expect(seen[0]).toBe('queued')
      expect(seen.at(-1)).toBe('succeeded')
      expect(seen.filter((type) => type === 'log')).toHaveLength(1)
    })

    it('is not followed across workspaces, nor after the reader has left', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      for await (const _ of bed.store.watch({ workspaceId: abroad, jobId })) expect.unreachable()
      const leaving = new AbortController()
      let count = 0
      for await (const _ of bed.store.watch({ workspaceId: home, jobId, signal: leaving.signal })) {
        count += 1
        leaving.abort()
      }
      expect(count).toBe(1)
    })
  })

  describe('checkpoints', () => {
    it('keep a step as it was reported last, and add up costs', async () => {
      const bed = await open()
      const jobId = await putOne(bed)
      const job = await takeOne(bed)
      const begun = { ...stepOf('b', 1), input: { q: 1 }, inputDigest: 'abc' }
      await bed.store.record({ ...claimOf(job), events: [], steps: [begun, stepOf('a')] })
      const ended = { state: 'succeeded', output: [1], finishedAt: 5, durationMs: 4, costMicros: 7 } as const
      await bed.store.record({ ...claimOf(job), events: [], steps: [{ ...begun, ...ended }], progress: 50 })
      const steps = await bed.store.steps({ jobId, workspaceId: home })
      expect(steps).toMatchObject([
        { stepId: 'a', state: 'running' },
        { stepId: 'b', ...ended, input: { q: 1 }, inputDigest: 'abc', claim: 1 },
      ])
      expect(await bed.store.steps({ jobId, workspaceId: abroad })).toEqual([])
      expect(await jobOf(bed, jobId)).toMatchObject({ costMicros: 7, progress: 50 })
    })
  })

  describe('lists', () => {
    it('page through everything once, newest first, and stay in their workspace', async () => {
      const bed = await open()
      const ids = await put(bed, ...Array.from({ length: 7 }, () => ({})))
      await putOne(bed, { workspaceId: abroad })
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = await bed.store.list({ workspaceId: home, limit: 3, ...(cursor ? { cursor } : {}) })
        found.push(...page.jobs.map((job) => job.id))
        cursor = page.nextCursor
      } while (cursor)
      expect(found).toEqual(ids.reverse())
    })

    it('take every filter', async () => {
      const bed = await open()
      const now = bed.clock.now()
      const workflow = { id: 'w', versionId: 'v', name: 'n' }
      const [id] = await put(bed, { workflow, kind: 'workflow', queue: 'slow', parentId: 'p' }, {}, {})
      const count = async (filter: object) =>
        (await bed.store.list({ workspaceId: home, ...filter })).jobs.length
      expect(await count({ workflowId: 'w' })).toBe(1)
      expect(await count({ workflowName: 'n', kind: 'workflow', queue: 'slow', parentId: 'p' })).toBe(1)
      expect(await count({ createdFrom: now, createdBefore: now + 1 })).toBe(3)
      expect(await count({ createdFrom: now + 1 })).toBe(0)
      const job = await takeOne(bed)
      await kill(bed, job, 'odd')
      expect(await count({ states: ['dead'] })).toBe(1)
      expect(await count({ states: ['dead', 'queued'] })).toBe(3)
      expect(await count({ errorCode: 'odd', finishedFrom: now, finishedBefore: now + 1 })).toBe(1)
      expect(await bed.store.get({ workspaceId: abroad, jobId: id ?? '' })).toBeUndefined()
    })

    it.each(['', 'x', 'WzFd', 'WyJhIiwiYiJd'])('refuse the made-up cursor "%s"', async (cursor) => {
      const bed = await open()
      await expect(bed.store.list({ cursor })).rejects.toMatchObject({ code: 'bad_cursor' })
    })
  })

  describe('why', () => {
    it('names the gates of a job that does not run', async () => {
      const bed = await open()
      const runAt = bed.clock.now() + 1_000
      const [first, second, later] = await put(bed, {}, {}, { runAt })
      const gates = async (jobId = '') => (await bed.store.why({ workspaceId: home, jobId }))?.gates
      expect(await gates(later)).toEqual([{ gate: 'schedule', reason: 'delay', opensAt: runAt }])
      expect(await gates(first)).toEqual([{ gate: 'workers', serving: 0, slots: 0, busy: 0 }])
      const process = { host: 'h', boot: 'b', namespace: 'n', pid: 1, startedAt: '1' }
      await bed.store.seeWorker({ workerId: 'w', process, queues: ['default'], concurrency: 1 })
      expect(await gates(second)).toEqual([{ gate: 'fairness', ahead: 1, atLeast: false }])
      await takeOne(bed)
      expect(await gates(second)).toEqual([{ gate: 'workers', serving: 1, slots: 1, busy: 1 }])
      expect(await bed.store.why({ workspaceId: abroad, jobId: first ?? '' })).toBeUndefined()
    })
  })

  describe('retention', () => {
    it('keeps what is unfinished or young, the dead longer, and deletes the rest with its history', async () => {
      const bed = await open()
      const [done, dead, open_] = await put(bed, {}, {}, {})
      const [a, b] = await take(bed, 2)
      if (!a || !b) throw new Error('Two jobs were queued.')
      await bed.store.record({ ...claimOf(a), events: [line('x')], steps: [stepOf('s')] })
      await succeed(bed, a)
      await kill(bed, b)
      bed.clock.advance(30 * dayMs)
      expect(await bed.store.retain()).toBe(0)
      bed.clock.advance(1)
      expect(await bed.store.retain()).toBe(1)
      expect(await bed.store.get({ jobId: done ?? '' })).toBeUndefined()
      expect(await bed.store.steps({ jobId: done ?? '' })).toEqual([])
      expect(await bed.store.events({ workspaceId: home, jobId: done ?? '' })).toEqual([])
      bed.clock.advance(60 * dayMs)
      expect(await bed.store.retain()).toBe(1)
      expect(await bed.store.get({ jobId: dead ?? '' })).toBeUndefined()
      expect(await jobOf(bed, open_ ?? '')).toMatchObject({ state: 'queued' })
    })

    it('works in bites', async () => {
      const bed = await open()
      await put(bed, {}, {}, {})
      for (const job of await take(bed, 3)) await succeed(bed, job)
      bed.clock.advance(31 * dayMs)
      expect(await bed.store.retain(undefined, 2)).toBe(2)
      expect(await bed.store.retain(undefined, 2)).toBe(1)
    })
  })

  describe('workers', () => {
    it('that provably ended lose their jobs at once, others keep theirs', async () => {
      const bed = await open()
      await put(bed, {}, {})
      const gone = await takeOne(bed, 'gone')
      const elsewhere = await takeOne(bed, 'elsewhere')
      const { ownProcess } = await import('../runner/process-identity.ts')
      // Linux process numbers end at 4,194,304; nothing has this one.
      const dead = { ...ownProcess(), pid: 999_999_999, startedAt: '1' }
      await bed.store.seeWorker({ workerId: 'gone', process: dead, queues: [], concurrency: 1 })
      const other = { ...dead, host: 'another-machine' }
      await bed.store.seeWorker({ workerId: 'elsewhere', process: other, queues: [], concurrency: 1 })
      expect(await bed.store.voidDeadWorkers()).toBe(1)
      expect(await jobOf(bed, gone.id)).toMatchObject({ state: 'queued', crashes: 1 })
      expect(await jobOf(bed, elsewhere.id)).toMatchObject({ state: 'running' })
      expect((await bed.store.workers()).map((worker) => worker.workerId)).toEqual(['elsewhere'])
    })
  })
}
