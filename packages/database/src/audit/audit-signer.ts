// Ed25519 keys for checkpoints, derived from the installation's secret, so that anyone with the public key can verify.
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto'

export interface AuditSigner {
  sign(checkpoint: Checkpoint): string
  verify(checkpoint: Checkpoint, signature: string): boolean
  /** PEM (SubjectPublicKeyInfo), to be kept away from this server. */
  readonly publicKey: string
}

export interface Checkpoint {
  readonly workspaceId: string
  readonly seq: number
  readonly hash: string
  readonly createdAt: number
}

// The fixed head of an Ed25519 PKCS #8 key (RFC 8410 section 7); the 32-byte seed follows it.
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

/** @param secret the installation's secret, at least 32 bytes of entropy */
export function createAuditSigner(secret: string | Uint8Array): AuditSigner {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'levqor audit checkpoints v1', 32))
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })
  const publicKey: KeyObject = createPublicKey(privateKey)
  return {
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: (checkpoint) => sign(null, message(checkpoint), privateKey).toString('base64url'),
    verify: (checkpoint, signature) =>
      verify(null, message(checkpoint), publicKey, Buffer.from(signature, 'base64url')),
  }
}

function message({ workspaceId, seq, hash, createdAt }: Checkpoint): Buffer {
  return Buffer.from(`levqor-audit-checkpoint.v1\n${workspaceId}\n${seq}\n${hash}\n${createdAt}`)
}
