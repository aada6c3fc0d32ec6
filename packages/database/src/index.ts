// One SQL for SQLite and PostgreSQL: handles bound to a workspace, transactions, migrations, codecs, the audit chain.
export { type AuditEntry, appendAudit, platformChain } from './audit/append-audit.ts'
export { type AuditSigner, createAuditSigner } from './audit/audit-signer.ts'
export { sealAudit } from './audit/seal-audit.ts'
export { type AuditProblem, type AuditReport, verifyAudit } from './audit/verify-audit.ts'
export { decodeCursor, encodeCursor } from './cursor.ts'
export {
  type DatabaseError,
  type DatabaseErrorCode,
  databaseError,
  isTransientDatabaseError,
  isUniqueViolation,
} from './database-error.ts'
export { databaseSchema } from './database-schema.ts'
export type { SystemReader, SystemTransaction, WorkspaceReader, WorkspaceTransaction } from './handles.ts'
export { canonicalJson, decodeJson, digestJson, encodeJson } from './json.ts'
export { type Clock, type Database, type DatabaseOptions, type Ids, openDatabase } from './open-database.ts'
export {
  type DataMap,
  type Migration,
  mergeDataMaps,
  type PackageSchema,
  type PersonalColumn,
  type TableDeclaration,
} from './package-schema.ts'
export type { DialectName, SqlRunner, SqlValue } from './sql-runner.ts'
