// A workspace as the API shows it to one of its members.
import { toPublicId, type Workspace } from '@levqor/client'
import type { WorkspaceRole } from '@levqor/server'
import { presentTime } from '../present-time.ts'

export interface WorkspaceFacts {
  readonly id: string
  readonly name: string
  readonly created_at: number
  /** The caller's. */
  readonly role: WorkspaceRole
  /** Whether the caller's session acts in it. */
  readonly current: boolean
}

export function presentWorkspace({ id, name, created_at, role, current }: WorkspaceFacts): Workspace {
  return { id: toPublicId('ws', id), name, role, current, created_at: presentTime(created_at) }
}
