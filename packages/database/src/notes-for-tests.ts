// Two small tables for this package's own tests: one of tenants, one global.
import type { PackageSchema } from './package-schema.ts'

export interface NotesTables {
  notes: { id: string; workspace_id: string; body: string | null; rank: number }
  people: { id: string; name: string }
}

const script = (integer: string, strict: string) => `
  CREATE TABLE notes (id TEXT PRIMARY KEY, workspace_id TEXT NOT NULL, body TEXT, rank ${integer} NOT NULL DEFAULT 0)${strict};
  CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL)${strict};
  CREATE TABLE undeclared (id TEXT PRIMARY KEY)${strict};
  CREATE UNIQUE INDEX notes_rank ON notes (workspace_id, rank) WHERE rank > 0;`

const base = { about: 'test', personal: {}, retention: 'test', export: 'none', erase: 'delete' } as const

export const notesSchema: PackageSchema = {
  name: 'notes',
  migrations: [
    { number: 1, name: 'notes', sqlite: script('INTEGER', ' STRICT'), postgres: script('BIGINT', '') },
  ],
  dataMap: { notes: { tenancy: 'tenant', ...base }, people: { tenancy: 'global', ...base } },
}
