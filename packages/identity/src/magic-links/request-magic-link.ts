// Somebody asks for a sign-in link. Whether the address is known is not even looked up here: answer, work and time are
// the same for every address. The mail is made after the answer, by deliver-magic-link.ts.
import { z } from 'zod'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashSecret, isTokenShaped, newToken } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'

export const requestMagicLink = defineVerb({
  name: 'auth.magic-link',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: z.strictObject({
    email: normalisedEmail,
    /** The mark this browser carries already, so that several links in several tabs stay bound to it. */
    browser: z.string().refine(isTokenShaped).optional(),
  }),
  async run(ctx, { email, browser = newToken().text }): Promise<{ readonly browser: string }> {
    const { db, clock, ids, services, requestId } = ctx
    const { policy, deliverLater } = services.identity
    const id = ids.next()
    const now = clock.now()
    await db
      .tables<IdentityTables>()
      .insertInto('magic_links')
      .values({
        id,
        email,
        purpose: 'sign-in',
        token_hash: null,
        code_hash: null,
        code_tries: 0,
        browser_hash: hashSecret(browser),
        created_at: now,
        expires_at: now + policy.magicLinkMs,
        used_at: null,
      })
      .execute()
    await ctx.audit({
      action: 'magic_link.requested',
      target: { kind: 'magic_link', id },
      personal: { email },
    })
    db.afterCommit(() => deliverLater('magic-link', id, requestId))
    return { browser }
  },
})
