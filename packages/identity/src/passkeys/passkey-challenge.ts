// The number that an authenticator signs: known to the browser that asked, good once, for one ceremony and one holder (a
// browser's mark, a session, a first factor). What asked is checked before what answers, so a refusal here tells nothing of
// any passkey.
import type { SystemReader, SystemTransaction } from '@levqor/database'
import { serviceError } from '@levqor/server'
import { findOpenToken } from '../one-time-tokens/find-token.ts'
import { insertToken } from '../one-time-tokens/insert-token.ts'
import type { TokenData } from '../one-time-tokens/token-data.ts'
import { useToken } from '../one-time-tokens/use-token.ts'
import { hashSecret, newToken } from '../secrets/opaque-token.ts'
import type { WriteContext } from '../services.ts'

export interface Asker {
  readonly ceremony: TokenData<'passkey'>['ceremony']
  /** A cookie's value or a session's id. Only its digest is kept. */
  readonly holder: string
}

export interface Challenge {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lifetimeMs: number
}

export async function issueChallenge(
  ctx: WriteContext,
  { ceremony, holder, userId }: Asker & { readonly userId: string | null },
): Promise<Challenge> {
  const { passkeyChallengeMs } = ctx.services.identity.policy
  const token = newToken()
  await insertToken(ctx, {
    purpose: 'passkey',
    hash: token.hash,
    userId,
    email: null,
    data: { ceremony, holder: hashSecret(holder) },
    lifetimeMs: passkeyChallengeMs,
  })
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
  const open = await findOpenToken(db, { token: challenge, purpose: 'passkey', now })
  if (!open) return undefined
  const { ceremony, holder } = open.data
  return ceremony === asker.ceremony && holder === hashSecret(asker.holder) ? open.id : undefined
}

/**
 * Uses a challenge up: of all who try at once, one succeeds.
 * @throws ServiceError `passkey_expired`
 */
export async function useChallenge(db: SystemTransaction, id: string, now: number): Promise<void> {
  if (!(await useToken(db, { id, now }))) throw serviceError('passkey_expired')
}
