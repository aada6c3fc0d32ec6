// The mailbox has answered: the account is made, with a workspace of its own. Signs nobody in: whoever opens a mail in
// another browser must not leave a session there.
import { verifyEmail as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { makeAccount } from '../accounts/make-account.ts'
import { consumeToken } from '../one-time-tokens/one-time-token.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { defineVerb } from '../services.ts'
import type { Registration } from './register.ts'

export const verifyEmail = defineVerb({
  name: 'auth.verify-email',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body,
  async run(ctx, { token }): Promise<{ readonly email: string }> {
    const { db, clock } = ctx
    const used = await consumeToken(db, { token, purpose: 'verify-email', now: clock.now() })
    const known = await db
      .tables<IdentityTables>()
      .selectFrom('users')
      .select('id')
      .where('email', '=', used.email)
      .executeTakeFirst()
    // Made by another mail meanwhile, perhaps with another password: that one stays.
    if (known) throw serviceError('token_used')
    // Written by the verb that registers, and by nothing else.
    const { passwordHash, name } = used.data as unknown as Registration
    await makeAccount(ctx, { email: used.email, name, passwordHash })
    return { email: used.email }
  },
})
