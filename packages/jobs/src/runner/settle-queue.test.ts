import { databaseError } from '@levqor/database'
import { until } from '@levqor/testing'
import { expect, it } from 'vitest'
import type { Job } from '../job.ts'
import type { Settlement } from '../store/settle.ts'
import { silentLog } from './runner-log.ts'
import { createSettleQueue } from './settle-queue.ts'

const ending = (jobId: string): Settlement => ({ jobId, claims: 1, to: 'succeeded', outcome: 'succeeded' })
// Only the id is looked at.
const asJob = (settlement: Settlement) => ({ id: settlement.jobId, state: settlement.to }) as Job

it('what ends together is settled together', async () => {
  const groups: number[] = []
  const settle = async (group: readonly Settlement[]) => {
    groups.push(group.length)
    return group.map(asJob)
  }
  const queue = createSettleQueue({ settle }, 1, silentLog)
  const jobs = await Promise.all(Array.from({ length: 250 }, (_, n) => queue.push(ending(`${n}`))))
  expect(jobs.map((job) => job?.id)).toEqual(Array.from({ length: 250 }, (_, n) => `${n}`))
  expect(groups).toEqual([100, 100, 50])
})

it('one bad settlement does not hold its neighbours', async () => {
  const settle = async (group: readonly Settlement[]) => {
    if (group.some(({ jobId, to }) => jobId === 'bad' && to === 'succeeded')) throw new Error('refused')
    return group.map(asJob)
  }
  const queue = createSettleQueue({ settle }, 1, silentLog)
  const jobs = await Promise.all(['a', 'bad', 'b'].map((jobId) => queue.push(ending(jobId))))
  expect(jobs.map((job) => job?.state)).toEqual(['succeeded', 'dead', 'succeeded'])
})

it('a settlement that not even a death certificate can replace is given up, and so is one without a database', async () => {
  const never = createSettleQueue({ settle: () => Promise.reject(new Error('never')) }, 1, silentLog)
  expect(await never.push(ending('a'))).toBeUndefined()

  let asked = 0
  const settle = () => {
    asked += 1
    return Promise.reject(databaseError('database_unavailable', 'away'))
  }
  const away = createSettleQueue({ settle }, 1, silentLog)
  const waiting = away.push(ending('a'))
  await until(() => asked > 1, { what: 'it tries again' })
  away.giveUp()
  expect(await waiting).toBeUndefined()
})
