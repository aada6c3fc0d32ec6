// With what an account that asks for a second factor can answer.
import type { SystemReader } from '@levqor/database'
import { hasPasskey } from '../passkeys/has-passkey.ts'
import type { SecondFactor } from '../schema/identity-tables.ts'

export async function secondFactorMethods(
  db: Pick<SystemReader, 'tables'>,
  userId: string,
): Promise<readonly SecondFactor[]> {
  return ['totp', 'recovery-code', ...((await hasPasskey(db, userId)) ? (['passkey'] as const) : [])]
}
