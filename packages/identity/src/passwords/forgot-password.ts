// Somebody has forgotten a password. Whether the address is known is not looked at here; the mail is made after the answer.
import { forgotPassword as contract } from '@levqor/client'
import { insertAskedToken } from '../one-time-tokens/asked-token.ts'
import { defineVerb } from '../services.ts'
import { normalisedEmail } from '../sign-in/normalised-email.ts'

export const forgotPassword = defineVerb({
  name: 'auth.forgot-password',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body.extend({ email: normalisedEmail }),
  async run(ctx, { email }): Promise<void> {
    const { db, services, requestId } = ctx
    const { policy, deliverLater } = services.identity
    const id = await insertAskedToken(ctx, {
      purpose: 'reset-password',
      userId: null,
      email,
      data: {},
      lifetimeMs: policy.resetPasswordMs,
    })
    await ctx.audit({
      action: 'password.forgotten',
      target: { kind: 'one_time_token', id },
      personal: { email },
    })
    db.afterCommit(() => deliverLater('one-time-token', id, requestId))
  },
})
