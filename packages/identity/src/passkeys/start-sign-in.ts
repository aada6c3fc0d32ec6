// Somebody begins to sign in with a passkey. No address is asked for: the passkey says whose it is.
import { z } from 'zod'
import { isTokenShaped, newToken } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { type StartedAssertion, startAssertion } from './start-assertion.ts'

export const startPasskeySignIn = defineVerb({
  name: 'auth.passkeys.sign-in.start',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  /** The mark that this browser carries already, so that several tabs stay bound to it. */
  input: z.strictObject({ browser: z.string().refine(isTokenShaped).optional() }),
  async run(ctx, { browser = newToken().text }): Promise<StartedAssertion & { readonly browser: string }> {
    const started = await startAssertion(ctx, { ceremony: 'sign-in', holder: browser, userId: null })
    return { ...started, browser }
  },
})
