// Uses a passkey's answer up: its challenge, and its counter.
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import type { CheckedAssertion } from './check-assertion.ts'
import { useChallenge } from './passkey-challenge.ts'
import { mailAboutPasskey } from './passkey-mails.ts'

/** Recorded and mailed, so it must not roll back: it is a result, and the route turns it into the refusal. */
export interface CopySuspected {
  readonly outcome: 'copy-suspected'
}

/**
 * Call it first in the transaction; audits when it refuses. A counter that does not grow means that two devices hold the
 * passkey, or that one is broken (WebAuthn Level 3, section 6.1.1): the answer is refused, and stays refused until the
 * counter is past all that were seen. Synced passkeys count nothing and always say 0.
 * @throws ServiceError `passkey_expired` for all but one of those who try at once
 */
export async function useAssertion(
  ctx: WriteContext,
  checked: CheckedAssertion,
  address: string,
): Promise<CopySuspected | undefined> {
  const { db, clock, services, requestId } = ctx
  const { passkeyId, userId, counter, backedUp, name } = checked
  const now = clock.now()
  await useChallenge(db, checked.challengeId, now)
  const { numUpdatedRows } = await db
    .tables<IdentityTables>()
    .updateTable('passkeys')
    .set({ counter, backed_up: backedUp ? 1 : 0, last_used_at: now })
    .where('id', '=', passkeyId)
    .where((by) => (counter === 0 ? by('counter', '=', 0) : by('counter', '<', counter)))
    .executeTakeFirst()
  if (Number(numUpdatedRows) > 0) return undefined
  await ctx.audit({
    action: 'passkey.copy_suspected',
    target: { kind: 'passkey', id: passkeyId },
    details: { user: userId, counter },
  })
  await mailAboutPasskey(ctx, { userId, name, what: 'copied' })
  db.afterCommit(() => {
    const details = { passkey: passkeyId }
    services.identity.events.emit({
      event: 'passkey.copy_suspected',
      requestId,
      actorId: userId,
      address,
      details,
    })
  })
  return { outcome: 'copy-suspected' }
}
