// The token tables as a schema of their own, for tests of this room.
import type { PackageSchema } from '@levqor/database'
import { tokenDataMap, tokenTables } from './token-tables.ts'

export const testTokenSchema: PackageSchema = {
  name: 'tokens',
  migrations: [{ number: 1, name: 'tokens', ...tokenTables }],
  dataMap: tokenDataMap,
}
