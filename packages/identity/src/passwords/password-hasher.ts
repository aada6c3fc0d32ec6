// argon2id (RFC 9106) by node:crypto, off the event loop, and only a few at once: each takes its whole memory. Whoever comes
// when the line is full is told to come back, so a flood of sign-ins costs neither memory nor anybody else's answers.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { serviceError } from '@levqor/server'
import { createHashingThreads } from './hashing-threads.ts'
import { type Argon2Parameters, readPhc, type StoredPassword, writePhc } from './phc-string.ts'

/** Settings of {@link createPasswordHasher}. */
export interface PasswordHasherOptions {
  readonly parameters: Argon2Parameters
  /** Those of stored passwords that were made before `parameters` were chosen. */
  readonly former?: readonly Argon2Parameters[]
  /** Hashed at once; each takes `parameters.memory` KiB and a thread. */
  readonly atOnce: number
  /** Places in the line behind them. */
  readonly waiting: number
}

/** Hashes and verifies. Both throw ServiceError `busy` when the line is full. */
export interface PasswordHasher {
  /** A PHC string with a salt of its own. */
  hash(password: string): Promise<string>
  /** Whether it is the password of a PHC string. A damaged string is nobody's. */
  verify(stored: string, password: string): Promise<boolean>
  /** Whether it was made with other parameters than today's and should be made again. */
  isOutdated(stored: string): boolean
  /** Costs as much to verify as a real one and belongs to nobody. */
  readonly dummy: string
}

const saltBytes = 16
const digestBytes = 32

/**
 * Starts nothing yet.
 * @example
 * const { hash, verify } = createPasswordHasher({ parameters: identityPolicy.passwordCost, atOnce: 2, waiting: 200 })
 */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const { parameters, former = [], atOnce, waiting } = options
  const threads = createHashingThreads({ count: atOnce })
  let inLine = 0
  const dummies = [parameters, ...former].map((cost) => ({
    ...cost,
    salt: randomBytes(saltBytes),
    digest: randomBytes(digestBytes),
  }))
  const dummy = writePhc(nobodys())

  function nobodys(): StoredPassword {
    const [first] = dummies
    if (first === undefined) throw new Error('Today’s parameters are always there.')
    return first
  }
  return {
    dummy,
    async hash(password) {
      const salt = randomBytes(saltBytes)
      const made = { ...parameters, salt, digest: Buffer.alloc(digestBytes) }
      return writePhc({ ...made, digest: await standInLine(() => threads.digest(password, made)) })
    },
    async verify(stored, password) {
      const known = readPhc(stored)
      if (known === undefined) return false
      const digests: Buffer[] = []
      await standInLine(async () => {
        for (const each of workFor(known, dummies)) digests.push(await threads.digest(password, each))
      })
      return timingSafeEqual(digests[0] ?? Buffer.alloc(known.digest.length), known.digest)
    },
    isOutdated(stored) {
      const known = readPhc(stored)
      return known === undefined || !costsTheSame(known, parameters)
    },
  }

  async function standInLine<T>(work: () => Promise<T>): Promise<T> {
    if (inLine >= atOnce + waiting) throw serviceError('busy', { retryAfterMs: 1_000 })
    inLine++
    try {
      return await work()
    } finally {
      inLine--
    }
  }
}

/**
 * What is hashed for one verification, the stored one first: every cost that is in use once. Otherwise an account whose
 * password was made at an older cost would answer in another time than one that does not exist.
 */
export function workFor(
  stored: StoredPassword,
  dummies: readonly StoredPassword[],
): readonly StoredPassword[] {
  return [stored, ...dummies.filter((each) => !costsTheSame(each, stored))]
}

function costsTheSame(one: Argon2Parameters, other: Argon2Parameters): boolean {
  return one.memory === other.memory && one.passes === other.passes && one.parallelism === other.parallelism
}
