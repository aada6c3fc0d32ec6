// Links new audit rows into their chains in batches, behind the writers' backs.

import type { SystemTransaction } from '../handles.ts'
import type { Clock, SystemHandle } from '../open-database.ts'
import { type AuditRow, genesisHash, hashAuditRow } from './audit-row.ts'
import type { AuditSigner } from './audit-signer.ts'

const batch = 500

/** Seals at most one batch and signs a checkpoint per chain it touched. Returns how many rows were sealed. */
export async function sealAudit(system: SystemHandle, signer: AuditSigner, clock: Clock): Promise<number> {
  const waiting = await system.read.query<{ one: number }>(
    'SELECT 1 AS one FROM audit_log WHERE seq IS NULL LIMIT 1',
  )
  if (waiting.length === 0) return 0
  return system.transaction(async (tx) => {
    // Sealers of several processes take turns on this row.
    await lockHead(tx, '')
    const rows = await tx.query<AuditRow>('SELECT * FROM audit_log WHERE seq IS NULL ORDER BY id LIMIT $1', [
      batch,
    ])
    const chains = Map.groupBy(rows, (row) => row.workspace_id)
    for (const [workspaceId, chain] of chains) await extendChain(tx, workspaceId, chain, signer, clock.now())
    return rows.length
  })
}

async function lockHead(tx: SystemTransaction, workspaceId: string): Promise<{ seq: number; hash: string }> {
  await tx.run(
    'INSERT INTO audit_heads (workspace_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (workspace_id) DO NOTHING',
    [workspaceId, genesisHash],
  )
  const [head] = await tx.query<{ seq: number; hash: string }>(
    'UPDATE audit_heads SET seq = seq WHERE workspace_id = $1 RETURNING seq, hash',
    [workspaceId],
  )
  return head ?? { seq: 0, hash: genesisHash }
}

async function extendChain(
  tx: SystemTransaction,
  workspaceId: string,
  rows: readonly AuditRow[],
  signer: AuditSigner,
  now: number,
): Promise<void> {
  let { seq, hash } = await lockHead(tx, workspaceId)
  for (const row of rows) {
    const previous = hash
    seq += 1
    hash = hashAuditRow(row, seq, previous)
    await tx.run('UPDATE audit_log SET seq = $1, previous_hash = $2, hash = $3 WHERE id = $4', [
      seq,
      previous,
      hash,
      row.id,
    ])
  }
  await tx.run('UPDATE audit_heads SET seq = $1, hash = $2 WHERE workspace_id = $3', [seq, hash, workspaceId])
  await tx.run(
    'INSERT INTO audit_checkpoints (workspace_id, seq, hash, created_at, signature) VALUES ($1, $2, $3, $4, $5)',
    [workspaceId, seq, hash, now, signer.sign({ workspaceId, seq, hash, createdAt: now })],
  )
}
