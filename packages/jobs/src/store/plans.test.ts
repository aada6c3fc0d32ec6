// The claim must cost the same at any length of the queue, right after a bulk load, before anybody has counted rows.

import type { SqlRunner } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { eachStore, manualClock, realIds } from '@levqor/testing'
import { expect, it } from 'vitest'
import { createJobStore, jobsSchema } from '../index.ts'
import { claimStatements } from './claim.ts'
import { enqueueStatements } from './enqueue.ts'
import { heartbeatStatements } from './heartbeat.ts'
import { peekStatements } from './peek.ts'
import { promoteStatements } from './promote.ts'
import { countWaiting } from './queue-cap.ts'
import { recordStatement } from './record.ts'
import { settleStatement } from './settle.ts'

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

// What may be read, by statement. A name that is missing in the plan is as wrong as a scan in it.
const hot = {
  claim: { texts: claimStatements, indexes: ['jobs_claim'] },
  enqueue: { texts: enqueueStatements, indexes: ['jobs_claim', 'jobs_share'] },
  heartbeat: { texts: heartbeatStatements, indexes: [] },
  promote: { texts: promoteStatements, indexes: ['jobs_due', 'jobs_claim', 'jobs_share'] },
  settle: { texts: { sqlite: settleStatement, postgres: settleStatement }, indexes: [] },
  record: { texts: { sqlite: recordStatement, postgres: recordStatement }, indexes: [] },
  count: { texts: { sqlite: countWaiting, postgres: countWaiting }, indexes: ['jobs_state'] },
  peek: { texts: peekStatements, indexes: ['jobs_claim', 'jobs_due', 'jobs_lease'] },
}

/** The plan that PostgreSQL would keep for the prepared statement, or the one of SQLite. */
async function planOf(tx: SqlRunner, texts: { sqlite: string; postgres: string }): Promise<string> {
  if (tx.dialect === 'sqlite') {
    const rows = await tx.query<{ detail: string }>(
      `EXPLAIN QUERY PLAN ${texts.sqlite.replace(/\$\d+/g, 'NULL')}`,
    )
    return rows.map((row) => row.detail).join('\n')
  }
  const count = Math.max(...[...texts.postgres.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)))
  await tx.run('SET LOCAL plan_cache_mode = force_generic_plan')
  await tx.run(`PREPARE looked_at AS ${texts.postgres}`)
  const nulls = Array.from({ length: count }, () => 'NULL').join(', ')
  const rows = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE looked_at (${nulls})`)
  await tx.run('DEALLOCATE looked_at')
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

async function expectGoodPlans(tx: SqlRunner): Promise<void> {
  for (const [name, { texts, indexes }] of Object.entries(hot)) {
    const plan = `${name}: ${await planOf(tx, texts)}`
    for (const index of indexes) expect(plan).toContain(index)
    expect(plan).not.toMatch(/Seq Scan on jobs|Hash Join|Merge Join|SCAN (jobs|head|own)(?! USING)/)
    // One sort only: heartbeats sort the few ids that one worker holds, promotions the due ones.
    if (name === 'claim' || name === 'enqueue') expect(plan).not.toMatch(/Sort|TEMP B-TREE/)
  }
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
    await system.transaction(expectGoodPlans)
    // Runs often enough on the empty table for PostgreSQL to settle on a plan, and to keep it.
    for (let round = 0; round < 10; round++) {
      await store.claim({ workerId: 'w', queues: ['default'], limit: 10, leaseMs: 1_000 })
    }
    await system.transaction((tx) => tx.run(fill[test.name], [0, 1_000]))
    const few = await medianOfClaims()
    await system.transaction((tx) => tx.run(fill[test.name], [1_000, 100_000]))
    await system.transaction(expectGoodPlans)
    const many = await medianOfClaims()
    // Ten times would be a changed plan or a scan (100 times the rows); below that is noise of a busy machine.
    expect(many / few).toBeLessThan(4)
    await system.transaction((tx) => tx.run('ANALYZE'))
    await system.transaction(expectGoodPlans)
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
    await medianOfEnqueues()
    await system.transaction((tx) => tx.run(fill[test.name], [0, 1_000]))
    const few = await medianOfEnqueues()
    await system.transaction((tx) => tx.run(fill[test.name], [1_000, 100_000]))
    const many = await medianOfEnqueues()
    expect(many / few).toBeLessThan(4)
  })
})
