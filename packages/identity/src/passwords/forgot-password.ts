// Somebody has forgotten a password. Whether the address is known is not looked at here; the mail is made after the answer.
import { forgotPassword as contract } from '@levqor/client'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import { askForToken } from '../one-time-tokens/asked-token.ts'
import { defineVerb } from '../services.ts'

export const forgotPassword = defineVerb({
  name: 'auth.forgot-password',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous', 'user'], role: 'viewer' },
  input: contract.body.extend({ email: normalisedEmail }),
  async run(ctx, { email }): Promise<void> {
    const id = await askForToken(ctx, {
      purpose: 'reset-password',
      userId: null,
      email,
      data: {},
      lifetimeMs: ctx.services.identity.policy.resetPasswordMs,
    })
    await ctx.audit({
      action: 'password.forgotten',
      target: { kind: 'one_time_token', id },
      personal: { email },
    })
  },
})
