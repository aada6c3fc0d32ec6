import { openDatabase } from '@levqor/database'
import { asSystem } from '@levqor/database/system'
import { createLogger, loadConfig } from '@levqor/server'
import { eachStore, realIds, systemClock } from '@levqor/testing'
import { expect, it } from 'vitest'
import { joinInstallation } from '../src/start/join-installation.ts'
import { levqorSchemas } from '../src/start/schemas.ts'

const production = {
  NODE_ENV: 'production',
  LEVQOR_URL: 'http://localhost:3000',
  HOST: '127.0.0.1',
  LEVQOR_SECRET: 'q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEoWi7',
}

eachStore((store) => {
  async function setup() {
    const database = await openDatabase({
      url: await store.fresh(),
      schemas: levqorSchemas,
      clock: systemClock,
      ids: realIds(),
    })
    const lines: string[] = []
    const log = createLogger({ level: 'warn', stream: { write: (line: string) => void lines.push(line) } })
    const join = (env: Record<string, string>) => joinInstallation(loadConfig(env), database, log)
    /** Another machine's process, so that it does not count as our own crashed one. */
    const elsewhere = async (roles: string, limits: string) => {
      await asSystem(database).transaction((tx) =>
        tx.run(
          `INSERT INTO server_processes (id, host, pid, roles, limits, started_at, seen_at)
           VALUES ('other', 'elsewhere', 1, $1, $2, $3, $3)`,
          [roles, limits, systemClock.now()],
        ),
      )
    }
    return { database, lines, join, elsewhere }
  }

  it('in production a second API process without Redis does not start, and says why', async () => {
    const { database, join, elsewhere } = await setup()
    await elsewhere('api,web', 'memory')
    await expect(join(production)).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining('REDIS_URL'),
    })
    await expect(join({ ...production, REDIS_URL: 'redis://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'bad_configuration',
    })
    await database.close()
  })

  it('workers beside one API process, and API processes that all use Redis, start', async () => {
    const one = await setup()
    await one.elsewhere('worker', 'memory')
    await (await one.join(production)).stop()
    await one.database.close()
    const two = await setup()
    await two.elsewhere('api', 'redis')
    await (await two.join({ ...production, REDIS_URL: 'redis://127.0.0.1:1' })).stop()
    await (await two.join({ ...production, LEVQOR_ROLES: 'worker' })).stop()
    expect(two.lines).toEqual([])
    await two.database.close()
  })

  it('in development it starts and warns', async () => {
    const { database, join, elsewhere, lines } = await setup()
    await elsewhere('api', 'memory')
    await (await join({ NODE_ENV: 'development', LEVQOR_SECRET: production.LEVQOR_SECRET })).stop()
    expect(lines.join()).toContain('REDIS_URL')
    await database.close()
  })
})
