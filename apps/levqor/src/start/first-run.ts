// What the very first start leaves behind: an administrator, a key, and first-run.json for whoever owns the folder.
import { asSystem } from '@levqor/database/system'
import { type FirstRun, provisionFirstRun } from '@levqor/identity'
import type { Logger } from '@levqor/server'
import { updateFirstRun, writeFirstRun } from '../first-run-file.ts'
import type { Platform } from './open-platform.ts'

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
    keep: (document) => writeFirstRun(config.dataDir, document),
  })
  if (!made) await updateFirstRun(config.dataDir, (known) => movedTo(known, config.url))
  const signedIn = await asSystem(database).read.query(
    'SELECT 1 AS one FROM users WHERE last_login_at IS NOT NULL LIMIT 1',
  )
  return { made, isUnused: signedIn.length === 0 }
}

function movedTo(known: FirstRun, url: string): FirstRun {
  return { ...known, url, sign_in_link: known.sign_in_link.replace(known.url, url) }
}
