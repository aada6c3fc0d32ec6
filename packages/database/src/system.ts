// The way across workspaces. A repository check allows this import only in the job engine, in authentication, in
// operators' verbs, in migrations and in tests.
export { describeSchema, type SchemaDescription, type TableDescription } from './describe-schema.ts'
export {
  asSystemTransaction,
  asWorkspaceTransaction,
  type SystemReader,
  type SystemTransaction,
} from './handles.ts'
export { countPendingMigrations } from './migrate.ts'
export { asSystem, type SystemHandle } from './open-database.ts'
