// The machine that a figure was measured on, without anything that tells whose it is.
import { cpus, totalmem } from 'node:os'
import { DatabaseSync } from 'node:sqlite'

export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly memory_gb: number
  readonly os: string
  readonly sqlite: string
}

export function describeMachine(): Machine {
  const processors = cpus()
  return {
    cores: processors.length,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    memory_gb: Math.round(totalmem() / 2 ** 30),
    os: `${process.platform} ${process.arch}`,
    sqlite: sqliteVersion(),
  }
}

function sqliteVersion(): string {
  const database = new DatabaseSync(':memory:')
  const row = database.prepare('SELECT sqlite_version() AS version').get()
  database.close()
  return String(row?.version)
}
