// How many keys of a person open something, in whichever workspace.
import type { SystemReader } from '@levqor/database'
import type { IdentityTables } from '../schema/identity-tables.ts'

export async function countLiveKeys(
  db: Pick<SystemReader, 'tables'>,
  { userId, now }: { readonly userId: string; readonly now: number },
): Promise<number> {
  const { count } = await db
    .tables<IdentityTables>()
    .selectFrom('api_keys')
    .select((by) => by.fn.countAll<number>().as('count'))
    .where('created_by', '=', userId)
    .where('revoked_at', 'is', null)
    .where((by) => by.or([by('expires_at', 'is', null), by('expires_at', '>', now)]))
    .where((by) => by.or([by('overlap_until', 'is', null), by('overlap_until', '>', now)]))
    .executeTakeFirstOrThrow()
  return Number(count)
}
