// Signs in with the token of a link: exactly once, in the browser that asked, or with the code of the same mail.
import { timingSafeEqual } from 'node:crypto'
import { serviceError } from '@levqor/server'
import { z } from 'zod'
import type { IdentityTables, MagicLinkRow } from '../schema/identity-tables.ts'
import { hashCode, hashSecret } from '../secrets/opaque-token.ts'
import { defineVerb, type WriteContext } from '../services.ts'
import { type SignIn, signIn } from '../sessions/sign-in.ts'

type LinkRefusal = 'link_invalid' | 'link_used' | 'link_expired'

/** A wrong code is counted, so it must not roll back: it is a result, and the route turns it into the refusal. */
export type LinkResult = SignIn | { readonly outcome: 'wrong-code'; readonly triesLeft: number }

export const verifyMagicLink = defineVerb({
  name: 'auth.magic-link.verify',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: z.strictObject({
    token: z.string().max(200),
    code: z.string().max(20).optional(),
    browser: z.string().optional(),
    transport: z.literal('bearer').optional(),
    device: z.string().max(100),
    /** For security events only, where it becomes a pseudonym. */
    address: z.string(),
  }),
  async run(ctx, { token, code, browser, transport, device, address }): Promise<LinkResult> {
    const { db, clock, requestId, services } = ctx
    const { events } = services.identity
    // Reported at once, not after the commit: a refusal rolls back.
    const refuse = (cause: LinkRefusal, detail?: string): never => {
      events.emit({ event: 'auth.failed', requestId, address, details: { door: 'magic-link', cause } })
      throw serviceError(cause, detail === undefined ? {} : { detail })
    }
    const tables = db.tables<IdentityTables>()
    const link = await tables
      .selectFrom('magic_links')
      .selectAll()
      .where('token_hash', '=', hashSecret(token))
      .executeTakeFirst()
    if (!link) return refuse('link_invalid')
    if (link.used_at !== null) return refuse('link_used')
    if (link.expires_at <= clock.now()) return refuse('link_expired')
    const bound = link.browser_hash !== null
    const sameBrowser = browser !== undefined && link.browser_hash === hashSecret(browser)
    if (bound && !sameBrowser) {
      if (code === undefined) throw serviceError('link_other_browser')
      const checked = await tryCode(ctx, link, token, code)
      if (checked === 'no-tries-left') {
        return refuse('link_expired', 'The code was wrong too often. Ask for a new sign-in link.')
      }
      if (checked !== 'right') {
        events.emit({
          event: 'auth.failed',
          requestId,
          address,
          details: { door: 'magic-link', cause: 'code' },
        })
        return { outcome: 'wrong-code', triesLeft: checked }
      }
    }
    // The one statement that decides between parallel uses: only the first finds the link unused. A new link may have ended
    // this one since it was looked at.
    const now = clock.now()
    const { numUpdatedRows } = await tables
      .updateTable('magic_links')
      .set({ used_at: now })
      .where('id', '=', link.id)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) {
      const { used_at } = await tables
        .selectFrom('magic_links')
        .select('used_at')
        .where('id', '=', link.id)
        .executeTakeFirstOrThrow()
      return refuse(used_at === null ? 'link_expired' : 'link_used')
    }
    const result = await signIn(
      ctx,
      {
        email: link.email,
        method: 'magic-link',
        device,
        network: services.identity.pseudonyms('address', address),
        // A link made on the machine proves nothing about the mailbox.
        provesMailbox: link.purpose === 'sign-in',
        transport,
        madeOnMachine: link.purpose === 'operator',
        details: { link: link.purpose },
      },
      address,
    )
    if (!result) return refuse('link_invalid')
    return result
  },
})

/** Counts the try before it is judged. Returns how many are left when the code is wrong. */
async function tryCode(
  ctx: WriteContext,
  link: MagicLinkRow,
  token: string,
  code: string,
): Promise<'right' | 'no-tries-left' | number> {
  const { codeTries } = ctx.services.identity.policy
  const { numUpdatedRows } = await ctx.db
    .tables<IdentityTables>()
    .updateTable('magic_links')
    .set((by) => ({ code_tries: by('code_tries', '+', 1) }))
    .where('id', '=', link.id)
    .where('code_tries', '<', codeTries)
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) return 'no-tries-left'
  const right = Buffer.from(link.code_hash ?? '')
  const given = Buffer.from(hashCode(token, code.replace(/\s/g, '')))
  if (right.length === given.length && timingSafeEqual(right, given)) return 'right'
  await ctx.audit({ action: 'magic_link.code_refused', target: { kind: 'magic_link', id: link.id } })
  return Math.max(0, codeTries - link.code_tries - 1)
}
