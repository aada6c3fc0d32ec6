// The key that audit checkpoints are signed with.
import { createAuditSigner } from '@levqor/database'
import type { Config } from '@levqor/server'
import { deriveKey } from './derive-secrets.ts'

export function auditSigner(config: Config) {
  return createAuditSigner(deriveKey(config.secret, 'audit'))
}
