// Deletes what is past its time: links and tokens a day after they expired, sessions 30 days after their end, invitations
// 30 days after they expired, secrets of authenticator apps that were never confirmed after a day.
import type { Database } from '@levqor/database'
import { asSystem } from '@levqor/database/system'

const day = 24 * 60 * 60 * 1000

/** Deletes at most 1,000 rows of each table; returns how many in all. */
export function purgeIdentity(database: Database): Promise<number> {
  const now = database.clock.now()
  return asSystem(database).transaction(async (tx) => {
    const links = await tx.run(
      'DELETE FROM magic_links WHERE id IN (SELECT id FROM magic_links WHERE expires_at < $1 LIMIT 1000)',
      [now - day],
    )
    const sessions = await tx.run(
      'DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 OR ended_at < $1 LIMIT 1000)',
      [now - 30 * day],
    )
    const tokens = await tx.run(
      'DELETE FROM one_time_tokens WHERE id IN (SELECT id FROM one_time_tokens WHERE expires_at < $1 LIMIT 1000)',
      [now - day],
    )
    const unconfirmed = await tx.run(
      'DELETE FROM totp_secrets WHERE user_id IN (SELECT user_id FROM totp_secrets WHERE confirmed_at IS NULL AND created_at < $1 LIMIT 1000)',
      [now - day],
    )
    const invitations = await tx.run(
      'DELETE FROM invitations WHERE id IN (SELECT id FROM invitations WHERE expires_at < $1 LIMIT 1000)',
      [now - 30 * day],
    )
    return links + sessions + tokens + unconfirmed + invitations
  })
}
