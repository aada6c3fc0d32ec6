// Leases while the database gives no answer: what may be somebody else's by now is stopped.
import { databaseError } from '@levqor/database'
import { manualClock } from '@levqor/testing'
import { expect, it } from 'vitest'
import type { Job } from '../job.ts'
import type { JobStore } from '../store/job-store.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import type { RunningJob } from './run-job.ts'
import { silentLog } from './runner-log.ts'
import type { StopReason } from './stop-reason.ts'

const leaseMs = 30_000

function setup() {
  const clock = manualClock()
  const stops: StopReason[] = []
  // Only these fields of the job are read.
  const job = { id: 'j', claims: 1, leaseUntil: clock.now() + leaseMs } as Job
  const running: RunningJob = {
    job,
    stop: (reason) => void stops.push(reason),
    done: new Promise(() => undefined),
  }
  let away = false
  let retained = 0
  const store = {
    clock,
    async heartbeat() {
      if (away) throw databaseError('database_unavailable', 'away')
      return [{ jobId: 'j', claims: 1, cancelRequested: false }]
    },
    seeWorker: async () => undefined,
    voidDeadWorkers: async () => 0,
    retain: async () => (++retained === 1 ? 200 : 0),
    // The keeper calls no other verb.
  } as unknown as JobStore
  const process = { host: 'h', boot: '', namespace: '', pid: 1, startedAt: '' }
  const keeper = createLeaseKeeper({
    store,
    worker: { workerId: 'w', process, queues: ['default'], concurrency: 1 },
    active: new Map([['j', running]]),
    leaseMs,
    heartbeatMs: 60_000,
    retention: undefined,
    log: silentLog,
  })
  return { clock, keeper, stops, setAway: (now: boolean) => (away = now), retained: () => retained }
}

it('a job goes on until its last confirmed lease ends, then it stops', async () => {
  const { clock, keeper, stops, setAway } = setup()
  clock.advance(10_000)
  await keeper.beat()
  setAway(true)
  clock.advance(leaseMs - 1)
  await keeper.beat()
  expect(stops).toEqual([])
  clock.advance(1)
  await keeper.beat()
  expect(stops).toEqual(['lease_lost'])
})

it('old jobs are deleted every ten minutes, until none is left', async () => {
  const { clock, keeper, retained } = setup()
  keeper.start()
  await keeper.beat()
  expect(retained()).toBe(0)
  clock.advance(600_000)
  await keeper.beat()
  expect(retained()).toBe(2)
  await keeper.beat()
  expect(retained()).toBe(2)
  await keeper.stop()
})
