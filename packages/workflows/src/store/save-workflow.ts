// Publishes a definition: the next version of its workflow, or the current one when nothing changed.
import { digestJson, encodeJson, type WorkspaceTransaction } from '@levqor/database'
import type { Clock } from '../connectors/connector.ts'
import type { CheckedDefinition } from '../definition/check-definition.ts'
import { readVersion, versionColumns, type WorkflowTables, type WorkflowVersion } from './workflow-row.ts'

export interface SavedWorkflow extends WorkflowVersion {
  /** False when the definition equals the current version, which is returned. */
  readonly created: boolean
}

/**
 * Two saves at the same time give two versions, one after the other. Only the current version counts as equal: who
 * publishes an older text again gets a new version with that text.
 *
 * @param createdBy id of the actor, for the record
 */
export async function saveWorkflow(
  tx: WorkspaceTransaction,
  {
    definition,
    createdBy,
  }: { readonly definition: CheckedDefinition; readonly createdBy?: string | undefined },
  { clock, ids }: { readonly clock: Clock; readonly ids: { next(): string } },
): Promise<SavedWorkflow> {
  const tables = tx.tables<WorkflowTables>()
  const now = clock.now()
  await tables
    .insertInto('workflows')
    .values({
      workflow_id: ids.next(),
      name: definition.name,
      current_version: 0,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'name']).doNothing())
    .execute()
  // Writing the row locks it: whoever saves the same name at the same time waits here.
  const workflow = await tables
    .updateTable('workflows')
    .set({ updated_at: now })
    .where('name', '=', definition.name)
    .returning(['workflow_id', 'current_version'])
    .executeTakeFirstOrThrow()
  const digest = digestJson(definition)
  const current = await tables
    .selectFrom('workflow_versions')
    .innerJoin('workflows', 'workflows.workflow_id', 'workflow_versions.workflow_id')
    .select([...versionColumns, 'workflow_versions.digest'])
    .where('workflow_versions.workflow_id', '=', workflow.workflow_id)
    .where('workflow_versions.version', '=', workflow.current_version)
    .executeTakeFirst()
  if (current?.digest === digest) return { ...readVersion(current), created: false }
  const row = {
    version_id: ids.next(),
    workflow_id: workflow.workflow_id,
    version: workflow.current_version + 1,
    digest,
    definition: encodeJson(definition),
    created_at: now,
    created_by: createdBy ?? null,
  }
  await tables.insertInto('workflow_versions').values(row).execute()
  await tables
    .updateTable('workflows')
    .set({ current_version: row.version })
    .where('workflow_id', '=', workflow.workflow_id)
    .execute()
  return { ...readVersion({ ...row, name: definition.name }), created: true }
}
