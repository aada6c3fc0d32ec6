// Ten new recovery codes in place of all there were. They are in this answer and nowhere else.
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { hashRecoveryCode, newRecoveryCode } from './recovery-code.ts'

export async function issueRecoveryCodes(
  { db, clock, ids, services }: WriteContext,
  userId: string,
): Promise<readonly string[]> {
  const codes = Array.from({ length: services.identity.policy.recoveryCodes }, newRecoveryCode)
  const tables = db.tables<IdentityTables>()
  await tables.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  await tables
    .insertInto('recovery_codes')
    .values(
      codes.map((code) => ({
        id: ids.next(),
        user_id: userId,
        code_hash: hashRecoveryCode(code) ?? '',
        created_at: clock.now(),
        used_at: null,
      })),
    )
    .execute()
  return codes
}
