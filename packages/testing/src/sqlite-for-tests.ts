// A fresh SQLite file for one test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestSqlite {
  readonly url: string
  readonly path: string
  /** Removes the folder with the file, its WAL and its shared memory. */
  drop(): Promise<void>
}

/** A path in a temporary folder of its own; the file itself is made by whoever opens it. */
export async function sqliteForTests(): Promise<TestSqlite> {
  const folder = mkdtempSync(join(tmpdir(), 'levqor-sqlite-'))
  const path = join(folder, 'test.db')
  return {
    url: `sqlite:${path}`,
    path,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}
