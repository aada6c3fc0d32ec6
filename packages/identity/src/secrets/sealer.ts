// Secrets that must be read again, unlike all others here, which are kept as digests: sealed with a key that does not lie
// in the database. AES-256-GCM (NIST SP 800-38D) with a random nonce; what a text belongs to is authenticated with it, so
// that a row copied to another account opens nothing.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto'

export interface Sealer {
  /** @param owner what it belongs to, for example `totp 0193…`; the same is needed to open it */
  seal(secret: Uint8Array, owner: string): string
  /** @throws Error when it was sealed with another key, belongs to something else, or was changed */
  open(sealed: string, owner: string): Buffer
  /** Keyed digest of what is too short for a plain one: useless to whoever has only the database. */
  digest(text: string): string
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
const version = 'v1.'

/** @param key 32 random bytes of this installation */
export function createSealer(key: Buffer): Sealer {
  if (key.length !== 32) throw new Error('The key that seals secrets must have 32 bytes.')
  const secretKey = createSecretKey(key)
  return {
    seal(secret, owner) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, secretKey, nonce).setAAD(Buffer.from(owner))
      const text = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
      return version + text.toString('base64url')
    },
    open(sealed, owner) {
      const bytes = Buffer.from(sealed.slice(version.length), 'base64url')
      if (!sealed.startsWith(version) || bytes.length < nonceBytes + tagBytes) throw unreadable()
      const decipher = createDecipheriv(algorithm, secretKey, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(-tagBytes))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()])
      } catch (cause) {
        throw unreadable(cause)
      }
    },
    digest: (text) => createHmac('sha256', secretKey).update(`digest\n${text}`).digest('hex'),
  }
}

function unreadable(cause?: unknown): Error {
  return new Error(
    'A sealed secret cannot be opened: the secret of the installation is another than when it was sealed.',
    { cause },
  )
}
