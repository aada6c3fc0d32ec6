// Which jobs: the one vocabulary of lists, previews and redrives, turned into a WHERE clause.
import type { SqlValue } from '@levqor/database'
import type { JobState } from '../job-state.ts'
import { indexGuards } from '../schema/index-guards.ts'

/** Everything given must hold. Times are epoch milliseconds. */
export interface JobFilter {
  /** Missing: all workspaces, for operators. */
  readonly workspaceId?: string
  readonly states?: readonly JobState[]
  readonly kind?: string
  readonly queue?: string
  readonly workflowId?: string
  readonly workflowName?: string
  readonly errorCode?: string
  readonly parentId?: string
  readonly createdFrom?: number
  readonly createdBefore?: number
  readonly finishedFrom?: number
  readonly finishedBefore?: number
}

export interface Where {
  readonly conditions: string[]
  readonly params: SqlValue[]
}

/** Texts are built from constants only, so the number of prepared statements is bounded by the fields in use. */
export function whereOf(filter: JobFilter, dialect: 'sqlite' | 'postgres'): Where {
  const conditions: string[] = []
  const params: SqlValue[] = []
  const add = (sql: string, value: SqlValue | undefined) => {
    if (value === undefined) return
    params.push(value)
    conditions.push(sql.replace('?', () => `$${params.length}`))
  }
  add('workspace_id = ?', filter.workspaceId)
  const [only, ...others] = filter.states ?? []
  if (filter.workspaceId !== undefined) {
    conditions.push(only !== undefined && others.length === 0 ? indexGuards.state : indexGuards.list)
  }
  if (only !== undefined && others.length === 0) conditions.push(`state = '${only}'`)
  else if (only !== undefined)
    conditions.push(`state IN (${[only, ...others].map((s) => `'${s}'`).join(', ')})`)
  add('kind = ?', filter.kind)
  add('queue = ?', filter.queue)
  add('workflow_id = ?', filter.workflowId)
  add('workflow_name = ?', filter.workflowName)
  add(dialect === 'sqlite' ? "error ->> '$.code' = ?" : "error ->> 'code' = ?", filter.errorCode)
  add('parent_id = ?', filter.parentId)
  add('created_at >= ?', filter.createdFrom)
  add('created_at < ?', filter.createdBefore)
  add('finished_at >= ?', filter.finishedFrom)
  add('finished_at < ?', filter.finishedBefore)
  return { conditions, params }
}
