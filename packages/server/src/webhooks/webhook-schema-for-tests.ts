// The table of processed webhooks as a package of its own, for tests that need no other.
import type { PackageSchema } from '@levqor/database'
import { webhookTables } from './webhook-tables.ts'

const { sqlite, postgres, dataMap } = webhookTables

export const webhookSchema: PackageSchema = {
  name: 'webhooks',
  migrations: [{ number: 1, name: 'webhook-messages', sqlite, postgres }],
  dataMap,
}
