import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { postgresForTests } from './postgres-for-tests.ts'

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  // A dropped database ends the connection; that is what the test is about.
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

it('makes empty databases that do not see each other', async () => {
  const databases = await Promise.all([postgresForTests(), postgresForTests()])
  const [first, second] = await Promise.all(databases.map((database) => connect(database.url)))
  await first?.query('CREATE TABLE only_here (id int)')
  const tables = await second?.query("SELECT 1 FROM pg_tables WHERE tablename = 'only_here'")
  expect(tables?.rows).toEqual([])
  await Promise.all(databases.map((database) => database.drop()))
})

it('drops a database that is still in use, and drops twice without complaint', async () => {
  const database = await postgresForTests()
  const client = await connect(database.url)
  await database.drop()
  await database.drop()
  await expect(client.query('SELECT 1')).rejects.toThrow()
  await expect(new pg.Client({ connectionString: database.url }).connect()).rejects.toMatchObject({
    code: '3D000',
  })
})

it.skipIf(process.env.TEST_POSTGRES_URL)('listens on loopback only and demands its password', async () => {
  const database = await postgresForTests()
  onTestFinished(() => database.drop())
  const url = new URL(database.url)
  expect(url.hostname).toBe('127.0.0.1')
  url.password = 'guess'
  await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toMatchObject({
    code: '28P01',
  })
  const client = await connect(database.url)
  const shown = await client.query('SHOW unix_socket_directories')
  expect(shown.rows).toEqual([{ unix_socket_directories: '' }])
})
