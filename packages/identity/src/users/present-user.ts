// An account as operators see it.
import { toPublicId, type User } from '@levqor/client'
import { presentTime } from '../present-time.ts'
import type { UserRow } from '../schema/identity-tables.ts'

export const userColumns = [
  'id',
  'email',
  'name',
  'locale',
  'currency',
  'status',
  'operator',
  'email_verified_at',
  'last_login_at',
  'last_login_address',
  'last_login_device',
  'deletion_due_at',
  'created_at',
  'updated_at',
] as const

export type UserFacts = Pick<UserRow, (typeof userColumns)[number]>

export function presentUser(row: UserFacts): User {
  return {
    id: toPublicId('usr', row.id),
    email: row.email,
    name: row.name,
    locale: row.locale,
    currency: row.currency,
    status: row.status,
    operator: row.operator === 1,
    email_verified: row.email_verified_at !== null,
    last_login_at: presentTime(row.last_login_at),
    last_login_network: row.last_login_address,
    last_login_device: row.last_login_device,
    deletion_due_at: presentTime(row.deletion_due_at),
    created_at: presentTime(row.created_at),
    updated_at: presentTime(row.updated_at),
  }
}
