// What a sealed row's hash covers: everything but the erasable field, of which only a salted digest counts.
import { createHash } from 'node:crypto'
import { canonicalJson, decodeJson } from '../json.ts'

export interface AuditRow {
  readonly id: string
  readonly workspace_id: string
  readonly created_at: number
  readonly actor_kind: string
  readonly actor_id: string | null
  readonly action: string
  readonly target_kind: string | null
  readonly target_id: string | null
  readonly request_id: string | null
  readonly details: string
  readonly personal: string | null
  readonly personal_salt: string | null
  readonly personal_digest: string | null
  readonly seq: number | null
  readonly previous_hash: string | null
  readonly hash: string | null
}

/** The hash before the first row of a chain. */
export const genesisHash = '0'.repeat(64)

/** SHA-256 over the previous hash and the row's canonical form, hexadecimal. */
export function hashAuditRow(row: AuditRow, seq: number, previousHash: string): string {
  const covered = canonicalJson({
    id: row.id,
    workspaceId: row.workspace_id,
    createdAt: row.created_at,
    actor: [row.actor_kind, row.actor_id],
    action: row.action,
    target: [row.target_kind, row.target_id],
    requestId: row.request_id,
    details: decodeJson<unknown>(row.details),
    personalDigest: row.personal_digest,
    seq,
  })
  return createHash('sha256').update(previousHash).update('\n').update(covered).digest('hex')
}
