// The number that an authenticator signs: known to the browser that asked, good once, for one ceremony and one holder (a
// browser's mark, a session, a first factor). What asked is checked before what answers, so a refusal here tells nothing of
// any passkey.
import { decodeJson, encodeJson, type SystemReader, type SystemTransaction } from '@levqor/database'
import { serviceError, type VerbContext } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret, newToken } from '../secrets/opaque-token.ts'
import type { IdentityServices } from '../services.ts'

export interface Asker {
  readonly ceremony: 'registration' | 'sign-in' | 'second-factor' | 'proof'
  /** A cookie's value or a session's id. Only its digest is kept. */
  readonly holder: string
}

export interface Challenge {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lifetimeMs: number
}

const kept = z.object({ ceremony: z.string(), holder: z.string() })

export async function issueChallenge(
  { db, ids, clock, services }: VerbContext<'write', 'platform', IdentityServices>,
  { ceremony, holder, userId }: Asker & { readonly userId: string | null },
): Promise<Challenge> {
  const { passkeyChallengeMs } = services.identity.policy
  const now = clock.now()
  const token = newToken()
  await db
    .tables<IdentityTables>()
    .insertInto('one_time_tokens')
    .values({
      id: ids.next(),
      purpose: 'passkey',
      token_hash: token.hash,
      user_id: userId,
      email: null,
      data: encodeJson({ ceremony, holder: hashSecret(holder) }),
      created_at: now,
      expires_at: now + passkeyChallengeMs,
      used_at: null,
    })
    .execute()
  return {
    bytes: Uint8Array.from(Buffer.from(token.text, 'base64url')),
    lifetimeMs: passkeyChallengeMs,
  }
}

/**
 * The id of an open challenge. Looking uses nothing up.
 * @returns undefined when it was never made, is used up, too old, or somebody else's
 */
export async function findChallenge(
  db: Pick<SystemReader, 'tables'>,
  { challenge, asker, now }: { readonly challenge: string; readonly asker: Asker; readonly now: number },
): Promise<string | undefined> {
  const row = await db
    .tables<IdentityTables>()
    .selectFrom('one_time_tokens')
    .select(['id', 'data'])
    .where('token_hash', '=', hashSecret(challenge))
    .where('purpose', '=', 'passkey')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!row) return undefined
  const { ceremony, holder } = kept.parse(decodeJson(row.data))
  return ceremony === asker.ceremony && holder === hashSecret(asker.holder) ? row.id : undefined
}

/**
 * Uses a challenge up: of all who try at once, one succeeds.
 * @throws ServiceError `passkey_expired`
 */
export async function useChallenge(db: SystemTransaction, id: string, now: number): Promise<void> {
  const { numUpdatedRows } = await db
    .tables<IdentityTables>()
    .updateTable('one_time_tokens')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) throw serviceError('passkey_expired')
}
