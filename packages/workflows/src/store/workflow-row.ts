// The rows of this package's tables and the shapes that callers see.
import { decodeJson } from '@levqor/database'
import type { Definition } from '../definition/definition.ts'

export interface WorkflowTables {
  readonly workflows: {
    readonly workflow_id: string
    readonly workspace_id?: string
    readonly name: string
    readonly current_version: number
    readonly created_at: number
    readonly updated_at: number
  }
  readonly workflow_versions: {
    readonly version_id: string
    readonly workspace_id?: string
    readonly workflow_id: string
    readonly version: number
    readonly digest: string
    readonly definition: string
    readonly created_at: number
    readonly created_by: string | null
  }
}

/** One published version. Its definition never changes. */
export interface WorkflowVersion {
  readonly workflowId: string
  readonly versionId: string
  readonly name: string
  /** 1, 2, 3 … */
  readonly version: number
  readonly definition: Definition
  /** Epoch milliseconds. */
  readonly createdAt: number
}

export const versionColumns = [
  'workflow_versions.version_id',
  'workflow_versions.workflow_id',
  'workflow_versions.version',
  'workflow_versions.definition',
  'workflow_versions.created_at',
  'workflows.name',
] as const

export function readVersion(row: {
  readonly version_id: string
  readonly workflow_id: string
  readonly version: number
  readonly definition: string
  readonly created_at: number
  readonly name: string
}): WorkflowVersion {
  return {
    workflowId: row.workflow_id,
    versionId: row.version_id,
    name: row.name,
    version: row.version,
    definition: decodeJson<Definition>(row.definition),
    createdAt: row.created_at,
  }
}
