// What is past its time goes by itself: the chores of the real process, on a real database.
import { createAuditSigner } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { createLogger } from '@levqor/server'
import { eachStore, manualClock, until } from '@levqor/testing'
import { expect, it } from 'vitest'
import { startMaintenance } from '../src/start/maintenance.ts'
import { levqorSchemas } from '../src/start/schemas.ts'

const day = 24 * 60 * 60 * 1000

eachStore((store) => {
  it('links go a day after they expired, sessions 30 days after their end', async () => {
    const clock = manualClock()
    const database = await store.open(levqorSchemas, { clock })
    const now = clock.now()
    const system = asSystem(database)
    const time = (age: number) => now - age * day
    await system.transaction(async (tx) => {
      for (const [id, expired] of [
        ['old-link', 2],
        ['new-link', 0.5],
      ] as const) {
        await tx.run(
          `INSERT INTO magic_links (id, email, purpose, code_tries, created_at, expires_at) VALUES ($1, 'a@b.test', 'sign-in', 0, $2, $2)`,
          [id, time(expired)],
        )
      }
      for (const [id, ended] of [
        ['old-session', 31],
        ['new-session', 29],
      ] as const) {
        await tx.run(
          `INSERT INTO sessions (id, token_hash, user_id, workspace_id, method, created_at, last_seen_at, expires_at, ended_at)
           VALUES ($1, $1, 'u', 'w', 'magic-link', $2, $2, $3, $2)`,
          [id, time(ended), now + day],
        )
      }
    })
    const left = async (table: string) =>
      (await system.read.query<{ id: string }>(`SELECT id FROM ${table}`)).map(({ id }) => id)
    const signer = createAuditSigner(Buffer.alloc(32, 1))
    const log = createLogger({ level: 'fatal' })
    // Its own tests are in @levqor/identity.
    let asked = 0
    const chore = async () => {
      asked++
      return 0
    }
    const identity = { endRotatedKeys: chore, closeDueAccounts: chore, endImpersonations: chore }
    const maintenance = startMaintenance({ database, identity, signer, log })
    try {
      await until(async () => (await left('sessions')).length === 1, { what: 'the old session to go' })
    } finally {
      await maintenance.stop()
    }
    expect(asked).toBeGreaterThanOrEqual(3)
    expect([await left('magic_links'), await left('sessions')]).toEqual([['new-link'], ['new-session']])
  })
})
