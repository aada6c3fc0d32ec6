// Who people are, on disk: accounts, workspaces, sessions, sign-in links, API keys. Secrets are kept as digests only.
import type { PackageSchema } from '@levqor/database'
import { identityDataMap } from './identity-data-map.ts'

const tables = (integer: string, json: string, strict: string) => `
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  name TEXT,
  status TEXT NOT NULL,
  operator ${integer} NOT NULL,
  email_verified_at ${integer},
  last_login_at ${integer},
  created_at ${integer} NOT NULL,
  updated_at ${integer} NOT NULL
)${strict};
CREATE UNIQUE INDEX users_email ON users (email);
CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  plan TEXT NOT NULL,
  created_at ${integer} NOT NULL
)${strict};
CREATE TABLE memberships (
  workspace_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at ${integer} NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
)${strict};
CREATE INDEX memberships_user ON memberships (user_id, created_at);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  method TEXT NOT NULL,
  device TEXT,
  created_at ${integer} NOT NULL,
  last_seen_at ${integer} NOT NULL,
  expires_at ${integer} NOT NULL,
  ended_at ${integer},
  ended_reason TEXT
)${strict};
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE TABLE magic_links (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  purpose TEXT NOT NULL,
  token_hash TEXT,
  code_hash TEXT,
  code_tries ${integer} NOT NULL,
  browser_hash TEXT,
  created_at ${integer} NOT NULL,
  expires_at ${integer} NOT NULL,
  used_at ${integer}
)${strict};
CREATE UNIQUE INDEX magic_links_token ON magic_links (token_hash);
CREATE INDEX magic_links_email ON magic_links (email, created_at);
CREATE INDEX magic_links_expiry ON magic_links (expires_at);
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  key_hash TEXT NOT NULL,
  display_prefix TEXT NOT NULL,
  scopes ${json} NOT NULL,
  created_by TEXT NOT NULL,
  created_at ${integer} NOT NULL,
  last_used_at ${integer},
  expires_at ${integer},
  revoked_at ${integer}
)${strict};
CREATE UNIQUE INDEX api_keys_hash ON api_keys (key_hash);
CREATE INDEX api_keys_workspace ON api_keys (workspace_id, id);
`

const accounts = (integer: string, json: string, strict: string) => `
ALTER TABLE users ADD COLUMN locale TEXT;
ALTER TABLE users ADD COLUMN currency TEXT;
ALTER TABLE users ADD COLUMN password_hash TEXT;
ALTER TABLE users ADD COLUMN password_changed_at ${integer};
ALTER TABLE users ADD COLUMN last_login_address TEXT;
ALTER TABLE users ADD COLUMN last_login_device TEXT;
ALTER TABLE users ADD COLUMN deletion_due_at ${integer};
CREATE INDEX users_deletion ON users (deletion_due_at);
ALTER TABLE sessions ADD COLUMN name TEXT;
ALTER TABLE sessions ADD COLUMN network TEXT;
ALTER TABLE sessions ADD COLUMN proven_at ${integer};
ALTER TABLE sessions ADD COLUMN second_factor TEXT;
ALTER TABLE sessions ADD COLUMN impersonator_id TEXT;
ALTER TABLE sessions ADD COLUMN impersonation_reason TEXT;
ALTER TABLE api_keys ADD COLUMN mode TEXT NOT NULL DEFAULT 'live';
ALTER TABLE api_keys ADD COLUMN allowed_addresses ${json};
ALTER TABLE api_keys ADD COLUMN successor_id TEXT;
ALTER TABLE api_keys ADD COLUMN overlap_until ${integer};
ALTER TABLE api_keys ADD COLUMN revoked_reason TEXT;
CREATE TABLE one_time_tokens (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  user_id TEXT,
  email TEXT,
  data ${json} NOT NULL,
  created_at ${integer} NOT NULL,
  expires_at ${integer} NOT NULL,
  used_at ${integer}
)${strict};
CREATE UNIQUE INDEX one_time_tokens_hash ON one_time_tokens (token_hash);
CREATE INDEX one_time_tokens_user ON one_time_tokens (user_id, purpose);
CREATE INDEX one_time_tokens_email ON one_time_tokens (email, purpose, created_at);
CREATE INDEX one_time_tokens_expiry ON one_time_tokens (expires_at);
CREATE TABLE external_identities (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  email TEXT,
  created_at ${integer} NOT NULL,
  last_used_at ${integer}
)${strict};
CREATE UNIQUE INDEX external_identities_subject ON external_identities (issuer, subject);
CREATE INDEX external_identities_user ON external_identities (user_id);
CREATE TABLE passkeys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  counter ${integer} NOT NULL,
  transports ${json} NOT NULL,
  backed_up ${integer} NOT NULL,
  name TEXT NOT NULL,
  created_at ${integer} NOT NULL,
  last_used_at ${integer}
)${strict};
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_user ON passkeys (user_id);
CREATE TABLE totp_secrets (
  user_id TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  last_step ${integer} NOT NULL,
  confirmed_at ${integer},
  created_at ${integer} NOT NULL
)${strict};
CREATE TABLE recovery_codes (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  created_at ${integer} NOT NULL,
  used_at ${integer}
)${strict};
CREATE INDEX recovery_codes_user ON recovery_codes (user_id);
CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  invited_by TEXT NOT NULL,
  created_at ${integer} NOT NULL,
  expires_at ${integer} NOT NULL,
  accepted_at ${integer},
  accepted_by TEXT,
  withdrawn_at ${integer}
)${strict};
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);
CREATE INDEX invitations_workspace ON invitations (workspace_id, id);
CREATE INDEX invitations_expiry ON invitations (expires_at);
`

const shortPasswords = (integer: string) => `
ALTER TABLE users ADD COLUMN password_needs_second_factor ${integer};
`

// The last two: for rows that are looked for by the key that replaces them, and by the mailbox they went to.
const actingOperators = `
ALTER TABLE sessions ADD COLUMN impersonator_session_id TEXT;
CREATE INDEX sessions_impersonator ON sessions (impersonator_id);
CREATE INDEX api_keys_successor ON api_keys (successor_id);
CREATE INDEX invitations_email ON invitations (email, created_at);
`

const sessionTokens = `
ALTER TABLE sessions ADD COLUMN refresh_family_id TEXT;
CREATE UNIQUE INDEX sessions_refresh_family ON sessions (refresh_family_id);
`

// For what is looked for every minute: sessions to delete, acting sessions of an ended one, rotated keys to end.
const chores = `
CREATE INDEX sessions_ended ON sessions (ended_at);
CREATE INDEX sessions_impersonator_session ON sessions (impersonator_session_id);
CREATE INDEX api_keys_overlap ON api_keys (overlap_until);
`

export const identitySchema: PackageSchema = {
  name: 'identity',
  migrations: [
    {
      number: 1,
      name: 'identity',
      sqlite: tables('INTEGER', 'TEXT', ' STRICT'),
      postgres: tables('BIGINT', 'JSONB', ''),
    },
    {
      number: 2,
      name: 'accounts',
      sqlite: accounts('INTEGER', 'TEXT', ' STRICT'),
      postgres: accounts('BIGINT', 'JSONB', ''),
    },
    {
      number: 3,
      name: 'short-passwords',
      sqlite: shortPasswords('INTEGER'),
      postgres: shortPasswords('BIGINT'),
    },
    { number: 4, name: 'acting-operators', sqlite: actingOperators, postgres: actingOperators },
    { number: 5, name: 'session-tokens', sqlite: sessionTokens, postgres: sessionTokens },
    { number: 6, name: 'chores', sqlite: chores, postgres: chores },
  ],
  dataMap: identityDataMap,
}
