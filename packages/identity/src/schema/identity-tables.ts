// The rows of identity's tables, as the query builder sees them.
import type { WorkspaceRole } from '@levqor/server'

export interface UserRow {
  id: string
  email: string
  name: string | null
  status: 'active' | 'disabled'
  operator: number
  email_verified_at: number | null
  last_login_at: number | null
  created_at: number
  updated_at: number
}

export interface WorkspaceRow {
  id: string
  name: string
  plan: string
  created_at: number
}

export interface MembershipRow {
  workspace_id: string
  user_id: string
  role: WorkspaceRole
  created_at: number
}

export interface SessionRow {
  id: string
  token_hash: string
  user_id: string
  workspace_id: string
  method: 'magic-link'
  device: string | null
  created_at: number
  last_seen_at: number
  expires_at: number
  ended_at: number | null
  ended_reason: string | null
}

export interface MagicLinkRow {
  id: string
  email: string
  /** `operator`: made on the machine for its administrator; not bound to a browser. */
  purpose: 'sign-in' | 'operator'
  /** Null until the link is mailed. */
  token_hash: string | null
  code_hash: string | null
  code_tries: number
  browser_hash: string | null
  created_at: number
  expires_at: number
  used_at: number | null
}

export interface ApiKeyRow {
  id: string
  workspace_id: string
  name: string
  key_hash: string
  display_prefix: string
  /** JSON list. */
  scopes: string
  /** The person answerable for the key. */
  created_by: string
  created_at: number
  last_used_at: number | null
  expires_at: number | null
  revoked_at: number | null
}

export interface IdentityTables {
  users: UserRow
  workspaces: WorkspaceRow
  memberships: MembershipRow
  sessions: SessionRow
  magic_links: MagicLinkRow
  api_keys: ApiKeyRow
}
