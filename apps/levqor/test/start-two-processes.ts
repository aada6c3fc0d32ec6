// Two real API processes of one installation on PostgreSQL; the first also runs the tasks.
import { postgresForTests } from '@levqor/testing'
import { startLevqor } from './start-levqor.ts'

const secret = 'q3Zr8vN1x0LmPzT6uYwBkC5dHsJfGaEoWi7'

/** @param env of both; `firstRoles` for a first process that does more than the default */
export async function twoProcesses(
  redisUrl: string | undefined,
  env: Record<string, string> = {},
  firstRoles = 'api,scheduler',
) {
  const database = await postgresForTests()
  const common = {
    DATABASE_URL: database.url,
    LEVQOR_SECRET: secret,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    ...env,
  }
  const first = await startLevqor({ ...common, LEVQOR_ROLES: firstRoles })
  const second = await startLevqor({ ...common, LEVQOR_ROLES: 'api' }, first)
  return {
    first,
    second,
    databaseUrl: database.url,
    async [Symbol.asyncDispose]() {
      await second[Symbol.asyncDispose]()
      await first[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}
