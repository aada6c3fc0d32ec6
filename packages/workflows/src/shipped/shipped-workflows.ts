// The workflows that every workspace starts with.
import type { WorkspaceTransaction } from '@levqor/database'
import type { Clock } from '../connectors/connector.ts'
import type { CheckedDefinition } from '../definition/check-definition.ts'
import type { Definition } from '../definition/definition.ts'
import { type SavedWorkflow, saveWorkflow } from '../store/save-workflow.ts'
import { csvReport } from './csv-report.ts'
import { followUp } from './follow-up.ts'
import { pageDigest } from './page-digest.ts'

export const shippedWorkflows: readonly Definition[] = [pageDigest, csvReport, followUp]

/** Saves them into a new workspace, in the transaction that makes it. Saving them again changes nothing. */
export async function installShippedWorkflows(
  tx: WorkspaceTransaction,
  tools: { readonly clock: Clock; readonly ids: { next(): string } },
): Promise<readonly SavedWorkflow[]> {
  const saved: SavedWorkflow[] = []
  for (const definition of shippedWorkflows) {
    // A test checks each of them, so nobody has to at run time.
    saved.push(await saveWorkflow(tx, { definition: definition as CheckedDefinition }, tools))
  }
  return saved
}
