import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { startPostgres } from './start-postgres.ts'

async function ask(url: string, setting: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query('SELECT current_setting($1) AS value', [setting])
    return rows[0]?.value
  } finally {
    await client.end()
  }
}

it.each([false, true])('waits for the disk only when told to be durable (%s)', async (durable) => {
  const server = await startPostgres({ durable })
  onTestFinished(() => server.stop())
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    expect(await ask(server.url, setting), setting).toBe(durable ? 'on' : 'off')
  }
  expect(await ask(server.url, 'server_encoding')).toBe('UTF8')
})

it('stops twice, and also after the server was killed', async () => {
  const server = await startPostgres()
  await server.stop()
  await server.stop()
  const crashed = await startPostgres()
  process.kill(crashed.pid, 'SIGKILL')
  await crashed.stop()
  await expect(ask(crashed.url, 'fsync')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
