import { DatabaseSync } from 'node:sqlite'
import { asSystem } from '@levqor/database/system'
import { sqliteForTests } from '@levqor/testing'
import { afterEach, expect, it } from 'vitest'
import { openTwoTenants, type TwoTenants, uuidOf } from './open-two-tenants.ts'

const drops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop()
})

async function setup() {
  const { url, path, drop } = await sqliteForTests()
  drops.push(drop)
  return { path, tenants: await openTwoTenants(url) }
}

function submit({ server, a }: TwoTenants, tag: number) {
  return server.app.inject({
    method: 'POST',
    url: '/api/v1/intake',
    headers: { authorization: `Bearer ${a.key}`, 'idempotency-key': `k${tag}` },
    payload: { workflow: 'csv-report', payload: { csv: `a\n${'x'.repeat(20_000)}`, to: 'a@example.com' } },
  })
}

async function counts({ platform }: TwoTenants) {
  const { read } = asSystem(platform.database)
  const [jobs] = await read.query<{ found: number }>(
    `SELECT count(*) AS found FROM jobs WHERE idempotency_key IS NOT NULL`,
  )
  const [audits] = await read.query<{ found: number }>(
    `SELECT count(*) AS found FROM audit_log WHERE action = 'job.submitted' AND target_id IN
       (SELECT job_id FROM jobs WHERE idempotency_key IS NOT NULL)`,
  )
  return { jobs: jobs?.found ?? 0, audits: audits?.found ?? 0 }
}

it('a full disk: 503 with what to do, nothing half-written, every accepted job kept, and work again once there is room', async () => {
  const { tenants } = await setup()
  await using _ = tenants
  const system = asSystem(tenants.platform.database)
  const [pages] = await system.read.query<{ page_count: number }>('PRAGMA page_count')
  const limit = (count: number) => system.transaction((tx) => tx.query(`PRAGMA max_page_count = ${count}`))
  await limit((pages?.page_count ?? 0) + 60)

  const answers = await Promise.all(Array.from({ length: 30 }, (_unused, tag) => submit(tenants, tag)))
  const accepted = answers.filter(({ statusCode }) => statusCode === 202)
  const refused = answers.filter(({ statusCode }) => statusCode !== 202)
  expect(accepted.length).toBeGreaterThan(0)
  expect(refused.length).toBeGreaterThan(0)
  for (const answer of refused) {
    expect({ status: answer.statusCode, code: answer.json().code }).toEqual({
      status: 503,
      code: 'database_full',
    })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  }
  expect(await counts(tenants)).toEqual({ jobs: accepted.length, audits: accepted.length })
  for (const answer of accepted) {
    const jobId = uuidOf(answer.json().job_id)
    expect(
      await tenants.platform.services.jobs.get({ workspaceId: tenants.a.workspaceId, jobId }),
    ).toBeDefined()
  }

  await limit(1_000_000)
  // The same idempotency keys: what was refused is accepted now, what was accepted is the same job.
  const again = await Promise.all(Array.from({ length: 30 }, (_unused, tag) => submit(tenants, tag)))
  expect(again.map(({ statusCode }) => statusCode)).toEqual(Array(30).fill(202))
  expect(await counts(tenants)).toEqual({ jobs: 30, audits: 30 })
})

it('a database locked by another process: 503 after a while, nothing written, and work again afterwards', async () => {
  const { path, tenants } = await setup()
  await using _ = tenants
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  const answer = await submit(tenants, 0)
  expect({ status: answer.statusCode, code: answer.json().code }).toEqual({
    status: 503,
    code: 'database_busy',
  })
  expect(await counts(tenants)).toEqual({ jobs: 0, audits: 0 })
  other.exec('ROLLBACK')
  other.close()
  expect((await submit(tenants, 0)).statusCode).toBe(202)
  expect(await counts(tenants)).toEqual({ jobs: 1, audits: 1 })
}, 30_000)
