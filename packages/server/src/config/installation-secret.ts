// The master secret: from the environment, or – in development only – made once and kept in the data folder.
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Least length in characters; together with the entropy estimate it stands for 32 random bytes. */
export const minimumSecretCharacters = 32

/** Least estimated entropy. The estimate is cautious: 32 random bytes in hexadecimal measure about 200 bits. */
export const minimumSecretBits = 128

/** Reads the secret kept in the folder, making it at the first call. Two processes that start together agree. */
export function keptSecret(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, 'secret')
  try {
    // wx: whoever comes second must not replace the secret under which the first already works.
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  // Restored backups and careless copies widen the mode.
  chmodSync(path, 0o600)
  return readFileSync(path, 'utf8').trim()
}
