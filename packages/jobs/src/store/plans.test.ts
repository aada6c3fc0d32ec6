// The claim must cost the same at any length of the queue, right after a bulk load, before anybody has counted rows.
import { asSystem, type SystemReader } from '@levqor/database/system'
import { eachStore, manualClock, realIds } from '@levqor/testing'
import { expect, it } from 'vitest'
import { createJobStore, jobsSchema } from '../index.ts'
import { claimStatements } from './claim.ts'

const fill = {
  sqlite: `INSERT INTO jobs (job_id, workspace_id, queue, kind, state, initial_state, priority, virtual_time, run_at, payload,
      max_failures, created_at)
    WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
    SELECT 'job-' || printf('%09d', i), 'ws-' || (i % 50), 'default', 'noop', 'queued', 'queued', 1, i * 1000, 0, '{}', 4, 0 FROM n`,
  postgres: `INSERT INTO jobs (job_id, workspace_id, queue, kind, state, initial_state, priority, virtual_time, run_at, payload,
      max_failures, created_at)
    SELECT 'job-' || lpad(i::text, 9, '0'), 'ws-' || (i % 50), 'default', 'noop', 'queued', 'queued', 1, i * 1000, 0, '{}', 4, 0
    FROM generate_series($1::bigint, $2::bigint - 1) AS i`,
}

async function planOf(read: SystemReader): Promise<string> {
  if (read.dialect === 'sqlite') {
    const rows = await read.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${claimStatements.sqlite}`, [
      'default',
      10,
      'w',
      0,
      0,
    ])
    return rows.map((row) => row.detail).join('\n')
  }
  // EXPLAIN takes no parameters of a prepared statement, so the values are written out.
  const values = ["'default'", '10', "'w'", '0', '0']
  const text = claimStatements.postgres.replace(/\$(\d)/g, (_, n: string) => values[Number(n) - 1] ?? '')
  const rows = await read.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

eachStore((test) => {
  it('the plan is the head of one index, and 100,000 queued rows cost no more than 1,000', async () => {
    const clock = manualClock()
    const ids = realIds()
    const database = await test.open([jobsSchema], { clock, ids, synchronous: 'NORMAL' })
    const system = asSystem(database)
    const store = createJobStore({ database, clock, ids })
    // Statistics that arrived in the middle would only help; the test wants the worst case.
    if (test.name === 'postgres') {
      await system.transaction((tx) => tx.run('ALTER TABLE jobs SET (autovacuum_enabled = false)'))
    }
    const medianOfClaims = async () => {
      const times: number[] = []
      for (let round = 0; round < 31; round++) {
        const from = performance.now()
        const jobs = await store.claim({ workerId: 'w', queues: ['default'], limit: 10, leaseMs: 1_000 })
        times.push(performance.now() - from)
        expect(jobs).toHaveLength(10)
      }
      return times.sort((a, b) => a - b)[15] ?? 0
    }
    await system.transaction((tx) => tx.run(fill[test.name], [0, 1_000]))
    const few = await medianOfClaims()
    await system.transaction((tx) => tx.run(fill[test.name], [1_000, 100_000]))
    const plan = await planOf(system.read)
    const many = await medianOfClaims()
    expect(plan).toContain('jobs_claim')
    expect(plan).not.toMatch(/Seq Scan|Hash Join|Sort|TEMP B-TREE|SCAN jobs(?! USING)/)
    // Ten times would be a changed plan or a scan (100 times the rows); below that is noise of a busy machine.
    expect(many / few).toBeLessThan(4)
  })

  it('an enqueue costs the same at 100,000 queued rows', async () => {
    const clock = manualClock()
    const ids = realIds()
    const database = await test.open([jobsSchema], { clock, ids, synchronous: 'NORMAL' })
    const system = asSystem(database)
    const store = createJobStore({ database, clock, ids })
    const medianOfEnqueues = async () => {
      const times: number[] = []
      for (let round = 0; round < 31; round++) {
        const from = performance.now()
        await system.transaction((tx) =>
          store.enqueue(tx, { workspaceId: 'ws-1', kind: 'noop', payload: null }),
        )
        times.push(performance.now() - from)
      }
      return times.sort((a, b) => a - b)[15] ?? 0
    }
    await system.transaction((tx) => tx.run(fill[test.name], [0, 1_000]))
    const few = await medianOfEnqueues()
    await system.transaction((tx) => tx.run(fill[test.name], [1_000, 100_000]))
    const many = await medianOfEnqueues()
    expect(many / few).toBeLessThan(4)
  })
})
