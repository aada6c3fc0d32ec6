// One version by its id: what a job runs.
import type { WorkspaceReader } from '@levqor/database'
import { readVersion, versionColumns, type WorkflowTables, type WorkflowVersion } from './workflow-row.ts'

export async function loadVersion(
  db: WorkspaceReader,
  versionId: string,
): Promise<WorkflowVersion | undefined> {
  const row = await db
    .tables<WorkflowTables>()
    .selectFrom('workflow_versions')
    .innerJoin('workflows', 'workflows.workflow_id', 'workflow_versions.workflow_id')
    .select(versionColumns)
    .where('workflow_versions.version_id', '=', versionId)
    .executeTakeFirst()
  return row && readVersion(row)
}
