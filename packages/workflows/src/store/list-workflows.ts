// The workflows of a workspace by name, and the versions of one, newest first. Both page by cursor.
import { decodeCursor, encodeCursor, type WorkspaceReader } from '@levqor/database'
import { readVersion, versionColumns, type WorkflowTables, type WorkflowVersion } from './workflow-row.ts'

export interface WorkflowPage {
  readonly items: readonly WorkflowVersion[]
  /** Missing on the last page. */
  readonly nextCursor: string | undefined
}

export interface PageRequest {
  /** 1 to 100. Default 20. */
  readonly limit?: number
  readonly cursor?: string | undefined
}

/** Every workflow at its current version. Throws DatabaseError `bad_cursor`. */
export async function listWorkflows(db: WorkspaceReader, request: PageRequest = {}): Promise<WorkflowPage> {
  const limit = pageSize(request)
  let query = db
    .tables<WorkflowTables>()
    .selectFrom('workflows')
    .innerJoin('workflow_versions', 'workflow_versions.workflow_id', 'workflows.workflow_id')
    .select(versionColumns)
    .whereRef('workflow_versions.version', '=', 'workflows.current_version')
    .orderBy('workflows.name')
    .limit(limit + 1)
  if (request.cursor !== undefined) {
    const [name] = decodeCursor(request.cursor, ['string'])
    query = query.where('workflows.name', '>', name)
  }
  return toPage((await query.execute()).map(readVersion), limit, ({ name }) => [name])
}

/** The versions of one workflow. Throws DatabaseError `bad_cursor`. */
export async function listVersions(
  db: WorkspaceReader,
  workflowId: string,
  request: PageRequest = {},
): Promise<WorkflowPage> {
  const limit = pageSize(request)
  let query = db
    .tables<WorkflowTables>()
    .selectFrom('workflow_versions')
    .innerJoin('workflows', 'workflows.workflow_id', 'workflow_versions.workflow_id')
    .select(versionColumns)
    .where('workflow_versions.workflow_id', '=', workflowId)
    .orderBy('workflow_versions.version', 'desc')
    .limit(limit + 1)
  if (request.cursor !== undefined) {
    const [version] = decodeCursor(request.cursor, ['number'])
    query = query.where('workflow_versions.version', '<', version)
  }
  return toPage((await query.execute()).map(readVersion), limit, ({ version }) => [version])
}

function pageSize({ limit = 20 }: PageRequest): number {
  return Math.min(Math.max(Math.trunc(limit), 1), 100)
}

function toPage(
  rows: readonly WorkflowVersion[],
  limit: number,
  keyOf: (row: WorkflowVersion) => readonly (string | number)[],
): WorkflowPage {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: last && rows.length > limit ? encodeCursor(keyOf(last)) : undefined }
}
