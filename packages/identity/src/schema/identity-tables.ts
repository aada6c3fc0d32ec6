// The rows of identity's tables, as the query builder sees them.
import type { ProviderId, secondFactors, signInMethods } from '@levqor/client'
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
  /** BCP 47. */
  locale: string | null
  /** ISO 4217. */
  currency: string | null
  /** PHC string. */
  password_hash: string | null
  password_changed_at: number | null
  /** 1: chosen with a second factor, and too short to stand alone. */
  password_needs_second_factor: number | null
  /** Pseudonym of the network address. */
  last_login_address: string | null
  last_login_device: string | null
  /** Set when the person asked for deletion. */
  deletion_due_at: number | null
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

export type SignInMethod = (typeof signInMethods)[number]
export type SecondFactor = (typeof secondFactors)[number]

export interface SessionRow {
  id: string
  token_hash: string
  user_id: string
  workspace_id: string
  method: SignInMethod | 'impersonation'
  device: string | null
  created_at: number
  last_seen_at: number
  expires_at: number
  ended_at: number | null
  ended_reason: string | null
  /** What the person calls this device. */
  name: string | null
  /** Pseudonym of the network the session began in. */
  network: string | null
  /** When the person last proved who they are; sensitive verbs ask for a recent proof. */
  proven_at: number | null
  second_factor: SecondFactor | null
  /** The operator who acts as this person. */
  impersonator_id: string | null
  impersonation_reason: string | null
  /** The operator's own session: acting for somebody ends with it. */
  impersonator_session_id: string | null
  /** Of a session made of tokens: the family of its refresh tokens. Such a session has no cookie of its own. */
  refresh_family_id: string | null
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
  mode: 'live' | 'test'
  /** JSON list of CIDR ranges; null: any address. */
  allowed_addresses: string | null
  /** The key that replaces this one. */
  successor_id: string | null
  /** While the successor exists, this key holds until then. */
  overlap_until: number | null
  revoked_reason: 'revoked' | 'rotated' | 'fell_silent' | 'maker_left' | 'account_closed' | 'reported' | null
}

export type TokenPurpose =
  | 'verify-email'
  | 'reset-password'
  | 'change-email'
  | 'oidc'
  | 'passkey'
  | 'second-factor'
  | 'proof'

/** Something that is mailed or shown once and proves one thing. */
export interface OneTimeTokenRow {
  id: string
  purpose: TokenPurpose
  token_hash: string
  user_id: string | null
  email: string | null
  /** JSON object, by purpose: one-time-tokens/token-data.ts. */
  data: string
  created_at: number
  expires_at: number
  used_at: number | null
}

/** An account at a provider of identities. */
export interface ExternalIdentityRow {
  id: string
  user_id: string
  provider: ProviderId
  issuer: string
  subject: string
  email: string | null
  created_at: number
  last_used_at: number | null
}

export interface PasskeyRow {
  id: string
  user_id: string
  /** base64url. */
  credential_id: string
  /** COSE key, base64url. */
  public_key: string
  counter: number
  /** JSON list. */
  transports: string
  backed_up: number
  name: string
  created_at: number
  last_used_at: number | null
}

export interface TotpSecretRow {
  user_id: string
  /** Sealed with the installation's secret. */
  secret: string
  /** The last time step that was used: none is accepted twice. */
  last_step: number
  confirmed_at: number | null
  created_at: number
}

export interface RecoveryCodeRow {
  id: string
  user_id: string
  code_hash: string
  created_at: number
  used_at: number | null
}

export interface InvitationRow {
  id: string
  workspace_id: string
  email: string
  role: WorkspaceRole
  token_hash: string
  invited_by: string
  created_at: number
  expires_at: number
  accepted_at: number | null
  accepted_by: string | null
  withdrawn_at: number | null
}

export interface IdentityTables {
  users: UserRow
  workspaces: WorkspaceRow
  memberships: MembershipRow
  sessions: SessionRow
  magic_links: MagicLinkRow
  api_keys: ApiKeyRow
  one_time_tokens: OneTimeTokenRow
  external_identities: ExternalIdentityRow
  passkeys: PasskeyRow
  totp_secrets: TotpSecretRow
  recovery_codes: RecoveryCodeRow
  invitations: InvitationRow
}
