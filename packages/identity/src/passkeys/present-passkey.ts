// A passkey as its owner sees it.
import { type Passkey, toPublicId } from '@levqor/client'
import { presentTime } from '../present-time.ts'
import type { PasskeyRow } from '../schema/identity-tables.ts'

export const passkeyColumns = ['id', 'name', 'backed_up', 'created_at', 'last_used_at'] as const

export type PasskeyFacts = Pick<PasskeyRow, (typeof passkeyColumns)[number]>

export function presentPasskey(row: PasskeyFacts): Passkey {
  return {
    id: toPublicId('psk', row.id),
    name: row.name,
    synced: row.backed_up === 1,
    created_at: presentTime(row.created_at),
    last_used_at: presentTime(row.last_used_at),
  }
}
