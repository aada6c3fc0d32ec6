// Numbered, forward-only migrations per package, each applied once and never changed afterwards.
import { createHash } from 'node:crypto'
import { databaseError } from './database-error.ts'
import type { Migration, PackageSchema } from './package-schema.ts'
import type { DialectName, SqlRunner } from './sql-runner.ts'

type Script = (sql: string) => Promise<void>

const createTable: Readonly<Record<DialectName, string>> = {
  sqlite: `CREATE TABLE IF NOT EXISTS schema_migrations (
    package TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
    applied_at INTEGER NOT NULL, PRIMARY KEY (package, number)) STRICT`,
  postgres: `CREATE TABLE IF NOT EXISTS schema_migrations (
    package TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
    applied_at BIGINT NOT NULL, PRIMARY KEY (package, number))`,
}

/** All packages in one transaction: a failing script leaves the file as it was. */
export async function migrateSqlite(
  runner: SqlRunner,
  script: Script,
  schemas: readonly PackageSchema[],
  now: number,
): Promise<void> {
  await script(createTable.sqlite)
  for (const { schema, migration } of await pending(runner, schemas)) {
    await script(migration.sqlite)
    await record(runner, schema, migration, now)
  }
}

/** One transaction per migration, all under one advisory lock, so that processes starting together wait in turn. */
export async function migratePostgres(
  runner: SqlRunner,
  script: Script,
  schemas: readonly PackageSchema[],
  now: number,
): Promise<void> {
  await script(createTable.postgres)
  for (const { schema, migration } of await pending(runner, schemas)) {
    await script('BEGIN')
    try {
      await script(migration.postgres)
      await record(runner, schema, migration, now)
      await script('COMMIT')
    } catch (error) {
      await script('ROLLBACK')
      throw error
    }
  }
}

/** Number of migrations that the code has and the database lacks. For the readiness check. */
export async function countPendingMigrations(
  runner: SqlRunner,
  schemas: readonly PackageSchema[],
): Promise<number> {
  return (await pending(runner, schemas)).length
}

async function pending(runner: SqlRunner, schemas: readonly PackageSchema[]) {
  const applied = await runner.query<{ package: string; number: number; digest: string }>(
    'SELECT package, number, digest FROM schema_migrations',
  )
  const digests = new Map(applied.map((row) => [`${row.package}/${row.number}`, row.digest]))
  const due: { schema: PackageSchema; migration: Migration }[] = []
  for (const schema of schemas) {
    const known = new Set(schema.migrations.map(({ number }) => number))
    const newer = applied.find((row) => row.package === schema.name && !known.has(row.number))
    if (newer) {
      throw databaseError(
        'database_newer',
        `The database has migration ${newer.number} of ${schema.name}, which this version does not know. Start the newer version, or restore a backup made before it.`,
      )
    }
    for (const migration of [...schema.migrations].sort((a, b) => a.number - b.number)) {
      const digest = digests.get(`${schema.name}/${migration.number}`)
      if (digest === undefined) due.push({ schema, migration })
      else if (digest !== digestOf(migration)) {
        throw databaseError(
          'migration_changed',
          `Migration ${migration.number} (${migration.name}) of ${schema.name} was changed after it had been applied. Undo the change and add a new migration instead.`,
        )
      }
    }
  }
  return due
}

async function record(
  runner: SqlRunner,
  schema: PackageSchema,
  migration: Migration,
  now: number,
): Promise<void> {
  await runner.run(
    'INSERT INTO schema_migrations (package, number, name, digest, applied_at) VALUES ($1, $2, $3, $4, $5)',
    [schema.name, migration.number, migration.name, digestOf(migration), now],
  )
}

// Both dialects' texts: whoever changes one half of a migration must notice as well.
function digestOf(migration: Migration): string {
  return createHash('sha256').update(`${migration.sqlite}\0${migration.postgres}`).digest('hex')
}
