// What opens an account, or acts for it, and is not ended by a new password: people and programs depend on it, so it stays;
// but whoever had the old password may have made some of it, and the mail after a reset tells how much there is.
import { countLiveKeys } from '../keys/count-live-keys.ts'
import { passkeysOf } from '../passkeys/passkeys-of.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import type { AccountMail, WriteContext } from '../services.ts'

/** Paragraphs of a mail to the person, and the page to look at first; neither when there is nothing. */
export async function whatGoesOn(
  { db, clock, services }: Pick<WriteContext, 'db' | 'clock' | 'services'>,
  userId: string,
): Promise<Pick<AccountMail, 'paragraphs' | 'action'>> {
  const { url } = services.identity
  const passkeys = (await passkeysOf(db, userId)).length
  const identities = await db
    .tables<IdentityTables>()
    .selectFrom('external_identities')
    .select('id')
    .where('user_id', '=', userId)
    .execute()
  const keys = await countLiveKeys(db, { userId, now: clock.now() })
  const signIns = [
    ...(passkeys > 0 ? [count(passkeys, 'passkey')] : []),
    ...(identities.length > 0 ? [count(identities.length, 'linked account', ' at a provider')] : []),
  ]
  const paragraphs: string[] = []
  if (signIns.length > 0) {
    const go = passkeys + identities.length === 1 ? 'goes' : 'go'
    paragraphs.push(
      `${signIns.join(' and ')} ${go} on signing you in. Look at your account, and remove what you do not know.`,
    )
  }
  if (keys > 0) {
    const go = keys === 1 ? 'goes' : 'go'
    paragraphs.push(
      `${count(keys, 'API key', ' that you made')} ${go} on working. Look at them in each of your workspaces, and revoke what you do not know.`,
    )
  }
  if (signIns.length > 0) return { paragraphs, action: { label: 'My account', url: `${url}/account` } }
  if (keys > 0) return { paragraphs, action: { label: 'My API keys', url: `${url}/api-keys` } }
  return { paragraphs }
}

function count(many: number, what: string, which = ''): string {
  return `${many} ${what}${many === 1 ? '' : 's'}${which}`
}
