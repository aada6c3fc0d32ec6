// A fresh, empty PostgreSQL database for one test.
import { randomUUID } from 'node:crypto'
import pg from 'pg'

export interface TestDatabase {
  readonly url: string
  /** Removes the database, also when connections to it are still open. May be called twice. */
  drop(): Promise<void>
}

/**
 * Makes an empty database on the run's shared server (about 30 ms); safe to call from parallel workers.
 *
 * @throws Error outside a Vitest run with our global set-up, unless TEST_POSTGRES_URL names a server
 */
export async function postgresForTests(): Promise<TestDatabase> {
  const server = await sharedServer()
  const name = `levqor_test_${randomUUID().replaceAll('-', '')}`
  await administer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

let known: Promise<string> | undefined

/** Connection string of the shared server's superuser, who may make and drop databases. */
function sharedServer(): Promise<string> {
  known ??= askForServer()
  return known
}

async function askForServer(): Promise<string> {
  const given = process.env.TEST_POSTGRES_URL
  if (given) return given
  const supervisor = process.env.LEVQOR_TEST_POSTGRES
  if (!supervisor) {
    throw new Error(
      'No PostgreSQL for tests: run through Vitest with the global set-up of @levqor/testing, or set TEST_POSTGRES_URL.',
    )
  }
  const response = await fetch(supervisor)
  const text = await response.text()
  if (!response.ok) throw new Error(`PostgreSQL for tests did not start: ${text}`)
  return text
}

async function administer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
