// The one statement that gives an identity to an account: of all who try at once, one succeeds.
import type { ProviderId } from '@levqor/client'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { emailOf } from './email-of.ts'
import type { ProviderPerson } from './provider-client.ts'

/** @returns false when it has an account already */
export async function insertIdentity(
  ctx: WriteContext,
  facts: { readonly userId: string; readonly provider: ProviderId; readonly person: ProviderPerson },
): Promise<boolean> {
  const { db, clock, ids } = ctx
  const { userId, provider, person } = facts
  const id = ids.next()
  const { numInsertedOrUpdatedRows } = await db
    .tables<IdentityTables>()
    .insertInto('external_identities')
    .values({
      id,
      user_id: userId,
      provider,
      issuer: person.issuer,
      subject: person.subject,
      email: emailOf(person.claims) ?? null,
      created_at: clock.now(),
      last_used_at: null,
    })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
    .executeTakeFirst()
  if (Number(numInsertedOrUpdatedRows ?? 0) === 0) return false
  await ctx.audit({
    action: 'identity.linked',
    target: { kind: 'external_identity', id },
    details: { user: userId, provider },
  })
  return true
}
