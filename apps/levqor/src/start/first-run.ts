// What the very first start leaves behind: an administrator, a key, and first-run.json for whoever owns the folder.
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type FirstRun, provisionFirstRun } from '@levqor/identity'
import type { Logger } from '@levqor/server'
import type { Platform } from './open-platform.ts'

/** Undefined on every start but the first. */
export function runFirst(
  { config, database, services }: Platform,
  log: Logger,
): Promise<FirstRun | undefined> {
  return provisionFirstRun({
    runtime: { database, clock: database.clock, ids: database.ids, services },
    log,
    email: config.adminEmail,
    keep: (document) => writePrivately(config.dataDir, 'first-run.json', document),
  })
}

// Written beside and renamed, so that nobody ever reads half of it, and private from its first byte on.
async function writePrivately(folder: string, name: string, document: unknown): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(`${JSON.stringify(document, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
