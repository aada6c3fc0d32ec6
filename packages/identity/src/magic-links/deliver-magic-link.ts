// Mails an asked-for link, if the address belongs to somebody. Runs after the asker has been answered, so that neither
// the answer nor its time tells whether it does.
import { z } from 'zod'
import { holdPersonAt } from '../accounts/hold-person.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { hashCode, newCode, newToken } from '../secrets/opaque-token.ts'
import { defineVerb } from '../services.ts'
import { signInLink } from './sign-in-link.ts'

export const deliverMagicLink = defineVerb({
  name: 'auth.magic-link.deliver',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({ linkId: z.uuid() }),
  async run(ctx, { linkId }): Promise<{ readonly mailed: boolean }> {
    const { db, services, requestId } = ctx
    const { policy, url, sendSignInMail } = services.identity
    const tables = db.tables<IdentityTables>()
    const link = await tables
      .selectFrom('magic_links')
      .select(['email', 'expires_at', 'created_at'])
      .where('id', '=', linkId)
      .where('token_hash', 'is', null)
      .executeTakeFirst()
    // Parallel deliveries to one mailbox take turns at being counted.
    const userId = link ? await holdPersonAt(db, link.email) : undefined
    if (!link || userId === undefined) {
      ctx.changedNothing()
      return { mailed: false }
    }
    const { count } = await tables
      .selectFrom('magic_links')
      .select((by) => by.fn.countAll<number>().as('count'))
      .where('email', '=', link.email)
      .where('purpose', '=', 'sign-in')
      .where('token_hash', 'is not', null)
      .where('created_at', '>', link.created_at - policy.magicLinkMs)
      .executeTakeFirstOrThrow()
    if (Number(count) >= policy.linksPerAddress) {
      // Somebody else's mailbox is not to be flooded from here.
      ctx.changedNothing()
      return { mailed: false }
    }
    const token = newToken()
    const code = newCode()
    await tables
      .updateTable('magic_links')
      .set({ token_hash: token.hash, code_hash: hashCode(token.text, code) })
      .where('id', '=', linkId)
      .execute()
    await sendSignInMail(db, {
      to: link.email,
      url: signInLink(url, token.text),
      code,
      expiresAt: link.expires_at,
      requestId,
    })
    await ctx.audit({
      action: 'magic_link.mailed',
      target: { kind: 'magic_link', id: linkId },
      details: { user: userId },
    })
    return { mailed: true }
  },
})
