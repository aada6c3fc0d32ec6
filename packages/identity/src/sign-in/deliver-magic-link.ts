// Mails an asked-for link, if the address belongs to somebody. Runs after the asker has been answered, so that neither
// the answer nor its time tells whether it does.
import { z } from 'zod'
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
      .innerJoin('users', 'users.email', 'magic_links.email')
      .select([
        'magic_links.email',
        'magic_links.expires_at',
        'magic_links.created_at',
        'users.id as user_id',
      ])
      .where('magic_links.id', '=', linkId)
      .where('magic_links.token_hash', 'is', null)
      .where('users.status', '=', 'active')
      .executeTakeFirst()
    if (!link) {
      ctx.changedNothing()
      return { mailed: false }
    }
    const { count } = await tables
      .selectFrom('magic_links')
      .select((by) => by.fn.countAll<number>().as('count'))
      .where('email', '=', link.email)
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
      details: { user: link.user_id },
    })
    return { mailed: true }
  },
})
