// Every key of the installation comes from its one secret, each for one purpose (HKDF, RFC 5869).
import { hkdfSync } from 'node:crypto'
import { createSecret, type Secret } from '@levqor/guard'
import { createTokenKeys } from '@levqor/guard/tokens'
import type { IdentityOptions } from '@levqor/identity'

/** 32 bytes for one purpose. */
export function deriveKey(secret: Secret, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret.reveal(), '', `levqor ${purpose}`, 32))
}

/** What a workspace's receivers verify our messages with (Standard Webhooks: `whsec_` and base64). */
export function webhookSecretOf(secret: Secret, workspaceId: string): string {
  return `whsec_${deriveKey(secret, `webhook secret v1 ${workspaceId}`).toString('base64')}`
}

/**
 * What access and refresh tokens are made of. The key's name comes from the secret, too: after a change of it, tokens of the
 * old one name a key that nobody knows, instead of failing as forged.
 */
export function tokenKeysOf(secret: Secret): IdentityOptions['tokenKeys'] {
  const derived = (purpose: string) =>
    createSecret(deriveKey(secret, purpose).toString('base64url'), { name: purpose })
  const kid = deriveKey(secret, 'name of the access token key v1').toString('hex', 0, 8)
  return {
    access: createTokenKeys({
      algorithm: 'HS256',
      current: { kid, key: derived('access tokens v1') },
    }),
    refresh: derived('refresh tokens v1'),
  }
}
