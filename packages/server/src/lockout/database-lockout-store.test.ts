import { fileURLToPath } from 'node:url'
import { asSystem, describeSchema } from '@levqor/database/system'
import { lockoutStoreCases } from '@levqor/guard/conformance'
import { levqorLockout } from '@levqor/guard/presets'
import { eachStore, manualClock, startProcess, until } from '@levqor/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { databaseLockoutStore, pruneLockouts } from './database-lockout-store.ts'
import { lockoutOn, openForRestart, lockoutSchema as schema } from './lockout-for-tests.ts'

const owner = { account: 'ada@example.test', address: '198.51.100.7' }
const wrong = async () => undefined
const right = async () => 'ada'

eachStore((store) => {
  describe('the lockout store', () => {
    for (const { name, run } of lockoutStoreCases(async (clock) => {
      const database = await store.open([schema], { clock })
      return { store: databaseLockoutStore(database), close: async () => {} }
    })) {
      it(name, run)
    }
  })

  describe('a lockout', () => {
    async function setup() {
      const clock = manualClock()
      const url = await store.fresh()
      const open = async () => {
        const database = await store.open([schema], { url, clock })
        return { database, lockout: lockoutOn(database) }
      }
      return { clock, url, open }
    }

    it('survives a restart: failures, lock and level', async () => {
      const { clock, url } = await setup()
      const inOneRun = async <T>(work: (lockout: ReturnType<typeof lockoutOn>) => Promise<T>) => {
        const database = await openForRestart(url, clock)
        try {
          return await work(lockoutOn(database))
        } finally {
          await database.close()
        }
      }
      const guess = (times: number) =>
        inOneRun(async (lockout) => {
          for (let i = 0; i < times; i++) expect((await lockout.attempt(owner, wrong)).outcome).toBe('failed')
        })
      await guess(4)
      await guess(1)
      expect(await inOneRun((lockout) => lockout.attempt(owner, right))).toMatchObject({
        outcome: 'refused',
        decision: { reason: 'locked', retryAfterMs: 900_000 },
      })
      clock.advance(900_000)
      await guess(5)
      expect(await inOneRun((lockout) => lockout.attempt(owner, right))).toMatchObject({
        decision: { reason: 'locked', retryAfterMs: 1_800_000 },
      })
    })

    it('two processes: 60 parallel wrong guesses lead to at most 5 checks, 60 right ones all pass', {
      timeout: 60_000,
    }, async () => {
      const url = await store.fresh()
      await (await openForRestart(url)).close()
      const program = fileURLToPath(new URL('./lockout-process-for-tests.ts', import.meta.url))
      const start = () =>
        startProcess({ command: process.execPath, args: [program, url, '30'], readyWhen: /ready/ })
      const processes = await Promise.all([start(), start()])
      onTestFinished(() => Promise.all(processes.map((one) => one.kill('SIGKILL'))).then(() => {}))
      const run = async (secret: 'right' | 'wrong') => {
        for (const { pid } of processes) process.kill(pid, 'SIGUSR2')
        const line = new RegExp(`${secret}: checks=(\\d+) succeeded=(\\d+)`)
        const found = () => processes.flatMap((one) => line.exec(one.output()) ?? [])
        await until(() => found().length === 6, { what: 'both processes to finish', timeoutMs: 30_000 })
        const [, checks, succeeded, , otherChecks, otherSucceeded] = found().map(Number)
        return {
          checks: (checks ?? 0) + (otherChecks ?? 0),
          succeeded: (succeeded ?? 0) + (otherSucceeded ?? 0),
        }
      }
      expect(await run('right')).toEqual({ checks: 60, succeeded: 60 })
      expect(await run('wrong')).toEqual({ checks: 5, succeeded: 0 })
    })

    it('a lock in one process is unlocked in another', async () => {
      const { open } = await setup()
      const [here, there] = [await open(), await open()]
      for (let i = 0; i < 5; i++) await here.lockout.attempt(owner, wrong)
      expect((await there.lockout.attempt(owner, right)).outcome).toBe('refused')
      for (const row of await there.lockout.list({ lockedOnly: true })) {
        await there.lockout.unlock({ id: row.id, operatorId: 'usr_1' })
      }
      expect((await here.lockout.attempt(owner, right)).outcome).toBe('succeeded')
    })

    it('stores neither account nor address nor device', async () => {
      const { open } = await setup()
      const { database, lockout } = await open()
      await lockout.attempt(owner, wrong)
      await lockout.attempt({ ...owner, knownDevice: 'device-of-ada' }, wrong)
      const rows = await asSystem(database).read.query('SELECT * FROM lockout_counters')
      expect(rows.length).toBe(5)
      expect(JSON.stringify(rows)).not.toMatch(/ada|example|198\.51|device-of/)
    })

    it('what has lapsed is deleted, to the millisecond', async () => {
      const { clock, open } = await setup()
      const { database, lockout } = await open()
      clock.advance(1)
      await lockout.attempt(owner, wrong)
      clock.advance(levqorLockout.account.windowMs - 1)
      expect(await pruneLockouts(database)).toBe(0)
      clock.advance(1)
      // The mark of everybody's failures stands at the end of its stretch: 300 share 32 marks.
      expect(await pruneLockouts(database)).toBe(3)
      clock.advance(levqorLockout.global.windowMs / 32)
      expect(await pruneLockouts(database)).toBe(1)
    })
  })

  it('the table has the same shape on both databases', async () => {
    const database = await store.open([schema])
    const { lockout_counters: table } = await describeSchema(asSystem(database).read)
    const columns = Object.fromEntries(table?.columns.map(({ name, type }) => [name, type]) ?? [])
    expect([table?.primaryKey, columns]).toEqual([
      ['id'],
      {
        id: 'text',
        kind: 'text',
        state: 'text',
        locked_until: 'integer',
        changed_at: 'integer',
        forget_at: 'integer',
      },
    ])
  })
})
