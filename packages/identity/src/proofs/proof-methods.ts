// How a person can prove again who they are: with what their sign-in asks for, never with less. Whoever has neither a
// second factor nor a password gets a code by mail, as they do for signing in.
import type { SystemReader } from '@levqor/database'
import { hasPasskey } from '../passkeys/has-passkey.ts'
import type { IdentityTables, SecondFactor } from '../schema/identity-tables.ts'
import { hasTotp } from '../second-factor/has-totp.ts'

export type ProofMethod = SecondFactor | 'password' | 'mail'

export async function proofMethods(
  db: Pick<SystemReader, 'tables'>,
  userId: string,
): Promise<readonly ProofMethod[]> {
  const passkey = (await hasPasskey(db, userId)) ? (['passkey'] as const) : []
  if (await hasTotp(db, userId)) return ['totp', 'recovery-code', ...passkey]
  const { password_hash } = await db
    .tables<IdentityTables>()
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return [password_hash === null ? 'mail' : 'password', ...passkey]
}
