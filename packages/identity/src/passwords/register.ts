// Somebody asks for an account. Nothing is made before the mailbox has answered, so an account can be had only by whoever
// reads its mail; whether there is one already, or an invitation where one is needed, is not looked at here: answer, work
// and time are the same for every address.
import { register as contract } from '@levqor/client'
import { z } from 'zod'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import { askForToken } from '../one-time-tokens/asked-token.ts'
import { hashSecret, isTokenShaped, newToken } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { choosePassword } from './choose-password.ts'

export const register = defineVerb({
  name: 'auth.register',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: contract.body.extend({
    email: normalisedEmail,
    /** The mark this browser carries already. */
    browser: z.string().refine(isTokenShaped).optional(),
  }),
  async prepare({ services }, { email, password }): Promise<string> {
    const choice = { password, email, hasSecondFactor: false, pointer: '/password' }
    return (await choosePassword(services, choice)).hash
  },
  async run(
    ctx,
    { email, name, browser = newToken().text },
    passwordHash,
  ): Promise<{ readonly browser: string }> {
    const id = await askForToken(ctx, {
      purpose: 'verify-email',
      userId: null,
      email,
      data: { passwordHash, name: name ?? null, browser: hashSecret(browser) },
      lifetimeMs: ctx.services.identity.policy.verifyEmailMs,
    })
    await ctx.audit({
      action: 'registration.requested',
      target: { kind: 'one_time_token', id },
      personal: { email },
    })
    return { browser }
  },
})
