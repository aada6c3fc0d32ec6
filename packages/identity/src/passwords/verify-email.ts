// The mailbox has answered: the account is made, with a workspace of its own. Signs nobody in: whoever opens a mail in
// another browser must not leave a session there.
import { verifyEmail as contract } from '@levqor/client'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { makeAccount } from '../accounts/make-account.ts'
import { isInvited } from '../invitations/is-invited.ts'
import { consumeToken } from '../one-time-tokens/use-token.ts'
import { defineVerb } from '../services.ts'
import { checkRegistration } from './check-registration.ts'

export const verifyEmail = defineVerb({
  name: 'auth.verify-email',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body.extend({ browser: z.string().optional(), addressKey: z.string() }),
  prepare: checkRegistration,
  async run(ctx, { token }, checked): Promise<{ readonly email: string }> {
    const { db, clock, services } = ctx
    const now = clock.now()
    const used = await consumeToken(db, { token, purpose: 'verify-email', now })
    if (checked !== used.id) throw serviceError('token_invalid')
    const { passwordHash, name } = used.data
    const made = await makeAccount(ctx, { email: used.email, name, passwordHash, verified: true })
    // Made by another mail meanwhile, perhaps with another password: that one stays.
    if (!made) throw serviceError('token_used')
    // The invitation that the mail rested on may have been withdrawn since.
    if (services.identity.policy.registration === 'invited' && !(await isInvited(db, used.email, now))) {
      throw serviceError('registration_not_invited')
    }
    return { email: used.email }
  },
})
