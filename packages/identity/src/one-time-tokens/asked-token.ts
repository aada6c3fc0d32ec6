// What somebody asked to be mailed. The row is written without looking whether the address is known; the token and its mail
// are made after the answer, so that neither the answer nor its time tells whether the address belongs to somebody.
import type { TokenPurpose } from '../schema/identity-tables.ts'
import type { WriteContext } from '../services.ts'
import { insertToken, type NewOneTimeToken } from './insert-token.ts'

/** Stands where the digest will be. No digest looks like this, so nobody can use it. */
export function askedMark(id: string): string {
  return `asked:${id}`
}

/** For `LIKE`: whatever has not been mailed. */
export const askedPattern = askedMark('%')

/** Writes the row of a token that is not made yet. Returns its id. */
export async function insertAskedToken<P extends TokenPurpose>(
  ctx: Pick<WriteContext, 'db' | 'ids' | 'clock'>,
  facts: Omit<NewOneTimeToken<P>, 'id' | 'hash'>,
): Promise<string> {
  const id = ctx.ids.next()
  await insertToken(ctx, { ...facts, id, hash: askedMark(id) })
  return id
}
