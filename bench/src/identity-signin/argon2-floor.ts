// The same hashes, as many at once, and nothing else.
import { argon2, randomBytes } from 'node:crypto'
import { createPasswordHasher, identityPolicy } from '@levqor/identity'

const { passwordsAtOnce, passwordCost } = identityPolicy

/** By Node's own pool, as a program would call them. Returns how many a second. */
export function inPool(count: number): Promise<number> {
  return perSecond(count, passwordsAtOnce, () => {
    const { memory, passes, parallelism } = passwordCost
    const message = randomBytes(18).toString('base64url')
    return new Promise((resolve, reject) => {
      argon2(
        'argon2id',
        { message, nonce: randomBytes(16), parallelism, tagLength: 32, memory, passes },
        (error) => (error ? reject(error) : resolve()),
      )
    })
  })
}

/** On the threads that identity hashes on, with the next one always there. */
export function onThreads(): (count: number) => Promise<number> {
  const hasher = createPasswordHasher({
    parameters: passwordCost,
    atOnce: passwordsAtOnce,
    waiting: passwordsAtOnce,
  })
  return (count) =>
    perSecond(count, 2 * passwordsAtOnce, async () => {
      await hasher.hash(randomBytes(18).toString('base64url'))
    })
}

async function perSecond(count: number, atOnce: number, hash: () => Promise<void>): Promise<number> {
  let left = count
  const started = performance.now()
  async function worker(): Promise<void> {
    while (left-- > 0) await hash()
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return count / ((performance.now() - started) / 1_000)
}
