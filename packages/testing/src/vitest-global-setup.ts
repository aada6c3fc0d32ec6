// Runs once around a whole Vitest run: makes one shared PostgreSQL available to every test file.
import { supervisePostgres } from './postgres/supervise-postgres.ts'

/**
 * Puts the supervisor's address into LEVQOR_TEST_POSTGRES, which the worker processes inherit. With
 * TEST_POSTGRES_URL the tests use that server and none is started.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_POSTGRES_URL) return undefined
  const supervisor = await supervisePostgres()
  process.env.LEVQOR_TEST_POSTGRES = supervisor.address
  return async () => {
    delete process.env.LEVQOR_TEST_POSTGRES
    await supervisor.stop()
  }
}
