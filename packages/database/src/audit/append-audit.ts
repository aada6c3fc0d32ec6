// The audit row of a change, written in the very transaction that makes the change.
import { createHmac, randomBytes } from 'node:crypto'
import { asSystemTransaction, type SystemTransaction, type WorkspaceTransaction } from '../handles.ts'
import { canonicalJson, encodeJson } from '../json.ts'
import type { Clock, Ids } from '../open-database.ts'

/** The chain of everything that belongs to no workspace. */
export const platformChain = 'platform'

export interface AuditEntry {
  readonly actor: { readonly kind: string; readonly id?: string | undefined }
  /** Noun and past verb: `api_key.created`. */
  readonly action: string
  readonly target?: { readonly kind: string; readonly id: string }
  /** Facts about the change. Never personal data, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
  /** Personal data of the change; erasable without breaking the chain. */
  readonly personal?: Readonly<Record<string, unknown>>
  readonly requestId?: string | undefined
}

/**
 * Appends one row. The sealer links it into its workspace's chain afterwards, so no writer ever waits for a hash.
 * A bound transaction writes to its own chain; a system transaction names one or writes to {@link platformChain}.
 */
export async function appendAudit(
  tx: WorkspaceTransaction | SystemTransaction,
  entry: AuditEntry,
  tools: { readonly clock: Clock; readonly ids: Ids; readonly workspaceId?: string },
): Promise<void> {
  const workspaceId = 'workspaceId' in tx ? tx.workspaceId : (tools.workspaceId ?? platformChain)
  const salt = entry.personal ? randomBytes(16).toString('hex') : null
  await asSystemTransaction(tx).run(
    `INSERT INTO audit_log (id, workspace_id, created_at, actor_kind, actor_id, action, target_kind, target_id,
       request_id, details, personal, personal_salt, personal_digest)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      tools.ids.next(),
      workspaceId,
      tools.clock.now(),
      entry.actor.kind,
      entry.actor.id ?? null,
      entry.action,
      entry.target?.kind ?? null,
      entry.target?.id ?? null,
      entry.requestId ?? null,
      encodeJson(entry.details ?? {}),
      entry.personal ? encodeJson(entry.personal) : null,
      salt,
      entry.personal && salt ? personalDigest(entry.personal, salt) : null,
    ],
  )
}

export function personalDigest(personal: unknown, salt: string): string {
  return createHmac('sha256', salt).update(canonicalJson(personal)).digest('hex')
}
