// The tables of this package itself: the audit log, its chain heads and its signed checkpoints.
import type { PackageSchema } from './package-schema.ts'

const auditTables = (integer: string, json: string, strict: string) => `
CREATE TABLE audit_log (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  created_at ${integer} NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT,
  action TEXT NOT NULL,
  target_kind TEXT,
  target_id TEXT,
  request_id TEXT,
  details ${json} NOT NULL,
  personal ${json},
  personal_salt TEXT,
  personal_digest TEXT,
  seq ${integer},
  previous_hash TEXT,
  hash TEXT
)${strict};
CREATE INDEX audit_log_unsealed ON audit_log (id) WHERE seq IS NULL;
CREATE UNIQUE INDEX audit_log_chain ON audit_log (workspace_id, seq);
CREATE TABLE audit_heads (
  workspace_id TEXT PRIMARY KEY,
  seq ${integer} NOT NULL,
  hash TEXT NOT NULL
)${strict};
CREATE TABLE audit_checkpoints (
  workspace_id TEXT NOT NULL,
  seq ${integer} NOT NULL,
  hash TEXT NOT NULL,
  created_at ${integer} NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (workspace_id, seq)
)${strict};
`

export const databaseSchema: PackageSchema = {
  name: 'database',
  migrations: [
    {
      number: 1,
      name: 'audit-log',
      sqlite: auditTables('INTEGER', 'TEXT', ' STRICT'),
      postgres: auditTables('BIGINT', 'JSONB', ''),
    },
  ],
  dataMap: {
    schema_migrations: {
      tenancy: 'global',
      about: 'Which migrations have been applied.',
      personal: {},
      retention: 'as long as the database',
      export: 'none',
      erase: { keep: 'holds nothing about people' },
    },
    audit_log: {
      tenancy: 'tenant',
      about: 'Who changed what, and when; chained by hashes so that tampering shows.',
      personal: {
        actor_id: { kind: 'account reference', purpose: 'accountability', basis: 'legitimate interest' },
        personal: {
          kind: 'names and addresses in a change',
          purpose: 'accountability',
          basis: 'legitimate interest',
        },
      },
      retention: '7 years',
      export: 'subject',
      // The chain covers a salted digest of `personal` only, so clearing the field and its salt keeps it whole.
      erase: 'anonymise',
    },
    audit_heads: {
      tenancy: 'tenant',
      about: 'The newest sealed row of each chain.',
      personal: {},
      retention: 'as long as the chain',
      export: 'none',
      erase: { keep: 'holds nothing about people' },
    },
    audit_checkpoints: {
      tenancy: 'tenant',
      about: 'Signed positions of each chain, for verification away from this server.',
      personal: {},
      retention: 'as long as the chain',
      export: 'workspace',
      erase: { keep: 'holds nothing about people' },
    },
  },
}
