// Walks every chain from its first row and reports the first thing that does not fit.

import type { SystemReader } from '../handles.ts'
import { decodeJson } from '../json.ts'
import type { SystemHandle } from '../open-database.ts'
import { personalDigest } from './append-audit.ts'
import { type AuditRow, genesisHash, hashAuditRow } from './audit-row.ts'
import type { AuditSigner } from './audit-signer.ts'

export type AuditProblemCode =
  | 'row_changed'
  | 'row_missing'
  | 'personal_changed'
  | 'tail_missing'
  | 'checkpoint_mismatch'
  | 'checkpoint_forged'

export interface AuditProblem {
  readonly code: AuditProblemCode
  readonly workspaceId: string
  readonly seq: number
}

export interface AuditReport {
  readonly ok: boolean
  readonly chains: number
  readonly rows: number
  readonly checkpoints: number
  /** Rows that the sealer has not reached yet. */
  readonly unsealed: number
  /** The first problem of each broken chain. */
  readonly problems: readonly AuditProblem[]
}

const page = 500

interface CheckpointRow {
  readonly workspace_id: string
  readonly seq: number
  readonly hash: string
  readonly created_at: number
  readonly signature: string
}

/** Verifies all chains. Reads only. */
export async function verifyAudit(system: SystemHandle, signer: AuditSigner): Promise<AuditReport> {
  const { read } = system
  const chains = await read.query<{ workspace_id: string }>(
    `SELECT workspace_id FROM audit_heads WHERE workspace_id <> '' UNION SELECT workspace_id FROM audit_log WHERE seq IS NOT NULL
     UNION SELECT workspace_id FROM audit_checkpoints ORDER BY workspace_id`,
  )
  const [open] = await read.query<{ unsealed: number }>(
    'SELECT count(*) AS unsealed FROM audit_log WHERE seq IS NULL',
  )
  let rows = 0
  let checkpoints = 0
  const problems: AuditProblem[] = []
  for (const { workspace_id: workspaceId } of chains) {
    const result = await verifyChain(read, workspaceId, signer)
    rows += result.rows
    checkpoints += result.checkpoints
    if (result.problem) problems.push(result.problem)
  }
  return {
    ok: problems.length === 0,
    chains: chains.length,
    rows,
    checkpoints,
    unsealed: open?.unsealed ?? 0,
    problems,
  }
}

async function verifyChain(read: SystemReader, workspaceId: string, signer: AuditSigner) {
  const problemAt = (code: AuditProblemCode, seq: number): AuditProblem => ({ code, workspaceId, seq })
  const signed = await loadCheckpoints(read, workspaceId)
  let rows = 0
  let seq = 0
  let hash = genesisHash
  const result = (problem?: AuditProblem) => ({ rows, checkpoints: signed.size, problem })
  const forged = [...signed.values()].find((checkpoint) => !isGenuine(checkpoint, signer))
  if (forged) return result(problemAt('checkpoint_forged', forged.seq))
  for (;;) {
    const found = await read.query<AuditRow>(
      'SELECT * FROM audit_log WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
      [workspaceId, seq, page],
    )
    for (const row of found) {
      const expected = seq + 1
      if (row.seq !== expected) return result(problemAt('row_missing', expected))
      const own = hashAuditRow(row, expected, hash)
      if (row.previous_hash !== hash || row.hash !== own) return result(problemAt('row_changed', expected))
      if (!personalFits(row)) return result(problemAt('personal_changed', expected))
      const checkpoint = signed.get(expected)
      if (checkpoint && checkpoint.hash !== own) return result(problemAt('checkpoint_mismatch', expected))
      seq = expected
      hash = own
      rows += 1
    }
    if (found.length < page) break
  }
  const [head] = await read.query<{ seq: number }>('SELECT seq FROM audit_heads WHERE workspace_id = $1', [
    workspaceId,
  ])
  const last = Math.max(head?.seq ?? 0, ...signed.keys(), 0)
  return result(last > seq ? problemAt('tail_missing', seq + 1) : undefined)
}

async function loadCheckpoints(read: SystemReader, workspaceId: string): Promise<Map<number, CheckpointRow>> {
  const rows = await read.query<CheckpointRow>('SELECT * FROM audit_checkpoints WHERE workspace_id = $1', [
    workspaceId,
  ])
  return new Map(rows.map((row) => [row.seq, row]))
}

function isGenuine(row: CheckpointRow, signer: AuditSigner): boolean {
  const { workspace_id: workspaceId, seq, hash, created_at: createdAt } = row
  return signer.verify({ workspaceId, seq, hash, createdAt }, row.signature)
}

// An erased field has neither value nor salt left; its digest stays, and stays covered by the chain.
function personalFits(row: AuditRow): boolean {
  if (row.personal === null) return true
  if (row.personal_salt === null) return false
  return personalDigest(decodeJson<unknown>(row.personal), row.personal_salt) === row.personal_digest
}
