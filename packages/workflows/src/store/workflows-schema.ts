// The tables of workflows and their versions.
import type { DataMap, PackageSchema, PersonalColumn } from '@levqor/database'

const tables = (integer: string, json: string, strict: string) => `
CREATE TABLE workflows (
  workflow_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  current_version ${integer} NOT NULL,
  created_at ${integer} NOT NULL,
  updated_at ${integer} NOT NULL
)${strict};
CREATE UNIQUE INDEX workflows_name ON workflows (workspace_id, name);
CREATE TABLE workflow_versions (
  version_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL REFERENCES workflows (workflow_id) ON DELETE CASCADE,
  version ${integer} NOT NULL,
  digest TEXT NOT NULL,
  definition ${json} NOT NULL,
  created_at ${integer} NOT NULL,
  created_by TEXT
)${strict};
CREATE UNIQUE INDEX workflow_versions_number ON workflow_versions (workflow_id, version);
`

const written: PersonalColumn = {
  kind: 'whatever its author writes into a workflow',
  purpose: 'running the workflow',
  basis: 'contract',
}

const dataMap: DataMap = {
  workflows: {
    tenancy: 'tenant',
    about: 'The workflows of a workspace and which version of each is current.',
    personal: {},
    retention: 'as long as the workspace',
    export: 'workspace',
    erase: 'delete',
  },
  workflow_versions: {
    tenancy: 'tenant',
    about: 'Every published version of a workflow; never changed.',
    personal: {
      definition: written,
      created_by: { kind: 'account reference', purpose: 'accountability', basis: 'legitimate interest' },
    },
    retention: 'as long as the workflow',
    export: 'workspace',
    erase: 'anonymise',
  },
}

/** Pass it to `openDatabase({ schemas: [workflowsSchema, …] })`. */
export const workflowsSchema: PackageSchema = {
  name: 'workflows',
  migrations: [
    {
      number: 1,
      name: 'workflows',
      sqlite: tables('INTEGER', 'TEXT', ' STRICT'),
      // Names compare by byte, as on SQLite, so that lists have the same order.
      postgres: tables('BIGINT', 'JSONB', '').replace('name TEXT', 'name TEXT COLLATE "C"'),
    },
  ],
  dataMap,
}
