// argon2id (RFC 9106) by node:crypto, off the event loop, and only a few at once: each takes its whole memory, and all of
// them share the few threads that files and names are looked up on too. Whoever comes when the line is full is told to
// come back, so a flood of sign-ins costs neither memory nor anybody else's answers.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { serviceError } from '@levqor/server'
import { type Argon2Parameters, readPhc, type StoredPassword, writePhc } from './phc-string.ts'

/** Settings of {@link createPasswordHasher}. */
export interface PasswordHasherOptions {
  readonly parameters: Argon2Parameters
  /** Those of stored passwords that were made before `parameters` were chosen. */
  readonly former?: readonly Argon2Parameters[]
  /** Hashed at once; each takes `parameters.memory` KiB and one of the four threads of the pool. */
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

export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const { parameters, former = [], atOnce, waiting } = options
  let running = 0
  const line: (() => void)[] = []
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
      const digest = await inLine(() =>
        digestOf(password, { ...parameters, salt, digest: Buffer.alloc(digestBytes) }),
      )
      return writePhc({ ...parameters, salt, digest })
    },
    async verify(stored, password) {
      const known = readPhc(stored)
      if (known === undefined) return false
      const digests: Buffer[] = []
      for (const each of workFor(known, dummies)) digests.push(await inLine(() => digestOf(password, each)))
      return timingSafeEqual(digests[0] ?? Buffer.alloc(known.digest.length), known.digest)
    },
    isOutdated(stored) {
      const known = readPhc(stored)
      return known === undefined || !costsTheSame(known, parameters)
    },
  }

  async function inLine<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (line.length >= waiting) throw serviceError('busy', { retryAfterMs: 1_000 })
      await new Promise<void>((resolve) => line.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      // The place goes to the next in line, so nobody can slip in between.
      const next = line.shift()
      if (next) next()
      else running--
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

function digestOf(
  password: string,
  { memory, passes, parallelism, salt, digest }: StoredPassword,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      { message: password, nonce: salt, parallelism, tagLength: digest.length, memory, passes },
      (error, derived) => (error ? reject(error) : resolve(derived)),
    )
  })
}
