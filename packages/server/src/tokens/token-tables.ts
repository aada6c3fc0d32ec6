// The tables behind tokens: families of refresh tokens, without any token in them, and what was revoked.
import type { DataMap } from '@levqor/database'

const tables = (integer: string, json: string, strict: string) => `
CREATE TABLE refresh_families (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  seed TEXT NOT NULL,
  counter ${integer} NOT NULL,
  token_hash TEXT NOT NULL,
  rotated_at ${json} NOT NULL,
  created_at ${integer} NOT NULL,
  expires_at ${integer} NOT NULL,
  ended_cause TEXT
)${strict};
CREATE INDEX refresh_families_user ON refresh_families (user_id);
CREATE INDEX refresh_families_expiry ON refresh_families (expires_at);
CREATE TABLE revocations (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  revoked_at ${integer} NOT NULL,
  forget_at ${integer} NOT NULL,
  cause TEXT NOT NULL,
  position ${integer} NOT NULL,
  PRIMARY KEY (kind, id)
)${strict};
CREATE UNIQUE INDEX revocations_position ON revocations (position);
CREATE INDEX revocations_forget ON revocations (forget_at);
CREATE TABLE revocation_head (
  name TEXT PRIMARY KEY,
  position ${integer} NOT NULL
)${strict};
INSERT INTO revocation_head (name, position) VALUES ('revocations', 0);
`

/** Body of the migration. */
export const tokenTables = {
  sqlite: tables('INTEGER', 'TEXT', ' STRICT'),
  postgres: tables('BIGINT', 'JSONB', ''),
} as const

/** What the tables hold about people. */
export const tokenDataMap: DataMap = {
  refresh_families: {
    tenancy: 'global',
    about: 'Signed-in devices of applications that use tokens. Holds no token.',
    personal: {
      user_id: { kind: 'account reference', purpose: 'staying signed in', basis: 'contract' },
    },
    retention: '30 days after sign-in',
    export: 'subject',
    erase: 'delete',
  },
  revocations: {
    tenancy: 'global',
    about: 'Sessions, token families, users, keys and tokens that were ended before their time.',
    personal: {
      id: {
        kind: 'reference to an account, session or key',
        purpose: 'keeping ended credentials void',
        basis: 'legitimate interest',
      },
    },
    retention: 'until nothing that it voids could still be valid: hours',
    export: 'none',
    erase: { keep: 'without it an ended credential would hold again; deleted within hours' },
  },
  revocation_head: {
    tenancy: 'global',
    about: 'Counts revocations, so that every process can read what is new.',
    personal: {},
    retention: 'as long as the database',
    export: 'none',
    erase: { keep: 'holds nothing about people' },
  },
}
