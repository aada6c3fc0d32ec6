// Every table of this package, area by area, in the order in which they came.
import type { PackageSchema } from '@levqor/database'
import { abuseTables } from '../abuse/abuse-tables.ts'
import { lockoutTables } from '../lockout/lockout-tables.ts'
import { processesMigration, processesTable } from '../processes/processes-migration.ts'
import { securityEventsMigration, securityEventsTable } from '../security-events/security-events-migration.ts'
import { tokenDataMap, tokenTables } from '../tokens/token-tables.ts'
import { webhookTables } from '../webhooks/webhook-tables.ts'

export const serverSchema: PackageSchema = {
  name: 'server',
  migrations: [
    securityEventsMigration,
    processesMigration,
    { number: 3, name: 'lockout', sqlite: lockoutTables.sqlite, postgres: lockoutTables.postgres },
    { number: 4, name: 'tokens', ...tokenTables },
    { number: 5, name: 'webhooks', sqlite: webhookTables.sqlite, postgres: webhookTables.postgres },
    { number: 6, name: 'abuse', sqlite: abuseTables.sqlite, postgres: abuseTables.postgres },
  ],
  dataMap: {
    security_events: securityEventsTable,
    server_processes: processesTable,
    ...lockoutTables.dataMap,
    ...tokenDataMap,
    ...webhookTables.dataMap,
    ...abuseTables.dataMap,
  },
}
