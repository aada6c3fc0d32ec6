// The passkeys of somebody, as options for a browser name them.
import { decodeJson, type SystemReader } from '@levqor/database'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'

export interface PasskeyDescriptor {
  readonly id: string
  readonly transports: string[]
}

const transports = z.array(z.string())

export async function passkeysOf(
  db: Pick<SystemReader, 'tables'>,
  userId: string,
): Promise<PasskeyDescriptor[]> {
  const rows = await db
    .tables<IdentityTables>()
    .selectFrom('passkeys')
    .select(['credential_id', 'transports'])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.credential_id,
    transports: transports.parse(decodeJson(row.transports)),
  }))
}
