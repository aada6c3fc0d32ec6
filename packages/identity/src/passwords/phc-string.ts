// The PHC string format for argon2id: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<digest>`, base64 without padding
// (https://github.com/P-H-C/phc-string-format).

/** What hashing one password costs. */
export interface Argon2Parameters {
  /** Kibibytes. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** A stored password. */
export interface StoredPassword extends Argon2Parameters {
  readonly salt: Buffer
  readonly digest: Buffer
}

const form =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

export function writePhc({ memory, passes, parallelism, salt, digest }: StoredPassword): string {
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain(salt)}$${plain(digest)}`
}

/** Undefined for anything else: another algorithm, a damaged row. */
export function readPhc(text: string): StoredPassword | undefined {
  const match = form.exec(text)
  if (!match) return undefined
  const [, memory, passes, parallelism, salt = '', digest = ''] = match
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    digest: Buffer.from(digest, 'base64'),
  }
}
