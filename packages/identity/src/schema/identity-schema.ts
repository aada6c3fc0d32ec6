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

export const identitySchema: PackageSchema = {
  name: 'identity',
  migrations: [
    {
      number: 1,
      name: 'identity',
      sqlite: tables('INTEGER', 'TEXT', ' STRICT'),
      postgres: tables('BIGINT', 'JSONB', ''),
    },
  ],
  dataMap: identityDataMap,
}
