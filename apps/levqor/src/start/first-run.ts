// What the very first start leaves behind: an administrator, a key, and first-run.json for whoever owns the folder.
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { asSystem } from '@levqor/database/system'
import { type FirstRun, provisionFirstRun } from '@levqor/identity'
import type { Logger } from '@levqor/server'
import type { Platform } from './open-platform.ts'

const fileName = 'first-run.json'

export interface FirstRunOutcome {
  /** Present on the very first start. */
  readonly made: FirstRun | undefined
  /** Nobody has ever signed in, so whoever starts the server still needs to know how. */
  readonly isUnused: boolean
}

/** Provisions an empty installation; on later starts keeps the file's address true. */
export async function runFirst(
  { config, database, services }: Platform,
  log: Logger,
): Promise<FirstRunOutcome> {
  const made = await provisionFirstRun({
    runtime: { database, clock: database.clock, ids: database.ids, services },
    log,
    email: config.adminEmail,
    keep: (document) => writePrivately(config.dataDir, document),
  })
  if (!made) await updateFirstRun(config.dataDir, (known) => movedTo(known, config.url))
  const signedIn = await asSystem(database).read.query(
    'SELECT 1 AS one FROM users WHERE last_login_at IS NOT NULL LIMIT 1',
  )
  return { made, isUnused: signedIn.length === 0 }
}

/** What the first start has written, if it is still there. */
export async function readFirstRun(folder: string): Promise<FirstRun | undefined> {
  try {
    // Written by this file only.
    return JSON.parse(await readFile(join(folder, fileName), 'utf8')) as FirstRun
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Changes the file when there is one and the change is one. */
export async function updateFirstRun(folder: string, change: (known: FirstRun) => FirstRun): Promise<void> {
  const known = await readFirstRun(folder)
  if (!known) return
  const changed = change(known)
  if (JSON.stringify(changed) !== JSON.stringify(known)) await writePrivately(folder, changed)
}

function movedTo(known: FirstRun, url: string): FirstRun {
  return { ...known, url, sign_in_link: known.sign_in_link.replace(known.url, url) }
}

// Written beside and renamed, so that nobody ever reads half of it, and private from its first byte on.
async function writePrivately(folder: string, document: FirstRun): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, fileName)
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
