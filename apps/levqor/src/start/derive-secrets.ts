// Every key of the installation comes from its one secret, each for one purpose (HKDF, RFC 5869).
import { hkdfSync } from 'node:crypto'
import type { Secret } from '@levqor/guard'

/** 32 bytes for one purpose. */
export function deriveKey(secret: Secret, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret.reveal(), '', `levqor ${purpose}`, 32))
}

/** What a workspace's receivers verify our messages with (Standard Webhooks: `whsec_` and base64). */
export function webhookSecretOf(secret: Secret, workspaceId: string): string {
  return `whsec_${deriveKey(secret, `webhook secret v1 ${workspaceId}`).toString('base64')}`
}
