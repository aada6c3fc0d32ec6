// The sign-ins of a person that wait for their second factor wait in vain: their first factor proves nothing any more.
import { holdPerson } from '../accounts/hold-person.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'

/** Holds the person, so that it takes turns with what asks for a second factor and with what completes one. Audits. */
export async function voidFirstFactors(
  { db, clock, audit }: WriteContext,
  { userId, reason }: { readonly userId: string; readonly reason: string },
): Promise<void> {
  await holdPerson(db, userId)
  const now = clock.now()
  const { numUpdatedRows } = await db
    .tables<IdentityTables>()
    .updateTable('one_time_tokens')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('purpose', '=', 'second-factor')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  const voided = Number(numUpdatedRows)
  if (voided === 0) return
  await audit({
    action: 'second_factor.voided',
    target: { kind: 'user', id: userId },
    details: { reason, voided },
  })
}
