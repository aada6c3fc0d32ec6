// The table of running processes: who else serves this installation right now.
import type { Migration, TableDeclaration } from '@levqor/database'

const tables = (integer: string, strict: string) => `
CREATE TABLE server_processes (
  id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  pid ${integer} NOT NULL,
  roles TEXT NOT NULL,
  limits TEXT NOT NULL,
  started_at ${integer} NOT NULL,
  seen_at ${integer} NOT NULL
)${strict};
CREATE INDEX security_events_address ON security_events (address, created_at);
CREATE INDEX security_events_actor ON security_events (actor_id, created_at);
`

export const processesMigration: Migration = {
  number: 2,
  name: 'processes',
  sqlite: tables('INTEGER', ' STRICT'),
  postgres: tables('BIGINT', ''),
}

export const processesTable: TableDeclaration = {
  tenancy: 'global',
  about: 'The processes of this installation that are running.',
  personal: {},
  retention: 'until the process ends, or 20 seconds after its last sign of life',
  export: 'none',
  erase: { keep: 'says nothing about a person' },
}
