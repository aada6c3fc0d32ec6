// What no server can undercut: the same hashes, as many at once, and nothing else.
import { argon2, randomBytes } from 'node:crypto'
import { identityPolicy } from '@levqor/identity'

/** Hashes `count` passwords and returns how many a second. */
export async function argon2PerSecond(count: number): Promise<number> {
  const { passwordsAtOnce } = identityPolicy
  let left = count
  const started = performance.now()
  async function worker(): Promise<void> {
    while (left-- > 0) await hashOnce()
  }
  await Promise.all(Array.from({ length: passwordsAtOnce }, worker))
  return count / ((performance.now() - started) / 1_000)
}

function hashOnce(): Promise<void> {
  const { memory, passes, parallelism } = identityPolicy.passwordCost
  const message = randomBytes(18).toString('base64url')
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      { message, nonce: randomBytes(16), parallelism, tagLength: 32, memory, passes },
      (error) => (error ? reject(error) : resolve()),
    )
  })
}
