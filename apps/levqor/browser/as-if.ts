// As if time had passed: what a journey cannot wait for is set in the database.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestInstallation } from '../test/start-levqor.ts'

export interface AsIf {
  /** The last proofs of all sessions are old. */
  quarterOfAnHourLater(): void
  /** The authenticator app shows its next code: the one it shows now counts as not used. */
  nextCode(): void
  /** No mailed link holds any more. */
  linksExpired(): void
}

export function asIf(levqor: TestInstallation): AsIf {
  function write(sql: string): void {
    const file = new DatabaseSync(join(levqor.folder, 'levqor.db'), { timeout: 5_000 })
    file.exec(sql)
    file.close()
  }
  return {
    quarterOfAnHourLater: () => write('UPDATE sessions SET proven_at = proven_at - 16 * 60 * 1000'),
    nextCode: () => write('UPDATE totp_secrets SET last_step = 0'),
    linksExpired: () => write('UPDATE magic_links SET expires_at = 1'),
  }
}
