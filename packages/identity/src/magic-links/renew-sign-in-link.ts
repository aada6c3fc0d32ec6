// A sign-in link made on the machine itself, for its administrator: 24 hours, not bound to a browser.
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import { normalisedEmail } from '../accounts/normalised-email.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { newToken, type OpaqueToken } from '../secrets/opaque-token.ts'
import { defineVerb, type WriteContext } from '../services.ts'
import { signInLink } from './sign-in-link.ts'

export interface RenewedLink {
  readonly link: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

export const renewSignInLink = defineVerb({
  name: 'auth.sign-in-link.renew',
  kind: 'write',
  reach: 'platform',
  // Whoever may run commands on the machine may read its database as well.
  access: { actors: ['system'] },
  input: z.strictObject({ email: normalisedEmail }),
  async run(ctx, { email }): Promise<RenewedLink> {
    const { db, clock, services } = ctx
    const tables = db.tables<IdentityTables>()
    const user = await tables
      .selectFrom('users')
      .select('id')
      .where('email', '=', email)
      .where('status', '=', 'active')
      .executeTakeFirst()
    if (!user) throw serviceError('user_not_found')
    // One at a time: a link that was printed somewhere else stops working.
    await tables
      .updateTable('magic_links')
      .set({ expires_at: clock.now() })
      .where('email', '=', email)
      .where('purpose', '=', 'operator')
      .where('used_at', 'is', null)
      .where('expires_at', '>', clock.now())
      .execute()
    const token = newToken()
    const { id, expiresAt } = await insertOperatorLink(ctx, email, token)
    await ctx.audit({
      action: 'magic_link.renewed',
      target: { kind: 'magic_link', id },
      details: { user: user.id },
    })
    return { link: signInLink(services.identity.url, token.text), expiresAt }
  },
})

export async function insertOperatorLink(
  ctx: WriteContext,
  email: string,
  token: OpaqueToken,
): Promise<{ readonly id: string; readonly expiresAt: number }> {
  const id = ctx.ids.next()
  const now = ctx.clock.now()
  const expiresAt = now + ctx.services.identity.policy.operatorLinkMs
  await ctx.db
    .tables<IdentityTables>()
    .insertInto('magic_links')
    .values({
      id,
      email,
      purpose: 'operator',
      token_hash: token.hash,
      code_hash: null,
      code_tries: 0,
      browser_hash: null,
      created_at: now,
      expires_at: expiresAt,
      used_at: null,
    })
    .execute()
  return { id, expiresAt }
}
