// A workflow at its current version, or at an older one.
import type { WorkspaceReader } from '@levqor/database'
import { readVersion, versionColumns, type WorkflowTables, type WorkflowVersion } from './workflow-row.ts'

export type WorkflowAddress = ({ readonly name: string } | { readonly workflowId: string }) & {
  /** Default: the current one. */
  readonly version?: number
}

/** @example await getWorkflow(ctx.db, { name: 'page-digest' }) */
export async function getWorkflow(
  db: WorkspaceReader,
  address: WorkflowAddress,
): Promise<WorkflowVersion | undefined> {
  const query = db
    .tables<WorkflowTables>()
    .selectFrom('workflows')
    .innerJoin('workflow_versions', 'workflow_versions.workflow_id', 'workflows.workflow_id')
    .select(versionColumns)
  const found =
    'name' in address
      ? query.where('workflows.name', '=', address.name)
      : query.where('workflows.workflow_id', '=', address.workflowId)
  const { version } = address
  const row = await (version === undefined
    ? found.whereRef('workflow_versions.version', '=', 'workflows.current_version')
    : found.where('workflow_versions.version', '=', version)
  ).executeTakeFirst()
  return row && readVersion(row)
}
