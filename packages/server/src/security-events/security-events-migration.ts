// The table of security events: pseudonymous by construction, kept 90 days.
import type { Migration, TableDeclaration } from '@levqor/database'

const table = (integer: string, json: string, strict: string) => `
CREATE TABLE security_events (
  id TEXT PRIMARY KEY,
  created_at ${integer} NOT NULL,
  event TEXT NOT NULL,
  severity TEXT NOT NULL,
  request_id TEXT,
  actor_id TEXT,
  workspace_id TEXT,
  address TEXT,
  details ${json} NOT NULL
)${strict};
CREATE INDEX security_events_time ON security_events (created_at, id);
CREATE INDEX security_events_event ON security_events (event, created_at);
`

export const securityEventsMigration: Migration = {
  number: 1,
  name: 'security-events',
  sqlite: table('INTEGER', 'TEXT', ' STRICT'),
  postgres: table('BIGINT', 'JSONB', ''),
}

export const securityEventsTable: TableDeclaration = {
  tenancy: 'global',
  about: 'What the guard saw: refusals, failed sign-ins, lowered protections.',
  personal: {
    actor_id: {
      kind: 'account reference',
      purpose: 'detecting and investigating attacks',
      basis: 'legitimate interest',
    },
    address: {
      kind: 'keyed pseudonym of a network address',
      purpose: 'detecting and investigating attacks',
      basis: 'legitimate interest',
    },
  },
  retention: '90 days',
  export: 'subject',
  erase: { keep: 'pseudonymous, and needed to investigate attacks; deleted after 90 days' },
}
