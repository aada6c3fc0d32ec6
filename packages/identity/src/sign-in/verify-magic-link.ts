// Signs in with the token of a link: exactly once, in the browser that asked, or with the code of the same mail.
import { timingSafeEqual } from 'node:crypto'
import { serviceError, type VerbContext } from '@levqor/server'
import { z } from 'zod'
import type { MyFacts } from '../me/describe-me.ts'
import type { IdentityTables, MagicLinkRow } from '../schema/identity-tables.ts'
import { hashCode, hashSecret } from '../secrets/opaque-token.ts'
import { defineVerb, type IdentityServices } from '../services.ts'
import { startSession } from '../sessions/start-session.ts'

type Context = VerbContext<'write', 'platform', IdentityServices>

/** A wrong code is counted, so it must not roll back: it is a result, and the route turns it into the refusal. */
export type SignInResult =
  | {
      readonly outcome: 'signed-in'
      readonly me: MyFacts
      readonly cookie: string
      readonly maxAgeMs: number
    }
  | { readonly outcome: 'wrong-code'; readonly triesLeft: number }

export const verifyMagicLink = defineVerb({
  name: 'auth.magic-link.verify',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['anonymous'] },
  input: z.strictObject({
    token: z.string().max(200),
    code: z.string().max(20).optional(),
    browser: z.string().optional(),
    device: z.string().max(100),
  }),
  async run(ctx, { token, code, browser, device }): Promise<SignInResult> {
    const { db, clock, requestId, services } = ctx
    const tables = db.tables<IdentityTables>()
    const link = await tables
      .selectFrom('magic_links')
      .selectAll()
      .where('token_hash', '=', hashSecret(token))
      .executeTakeFirst()
    if (!link) throw serviceError('link_invalid')
    if (link.used_at !== null) throw serviceError('link_used')
    if (link.expires_at <= clock.now()) throw serviceError('link_expired')
    const bound = link.browser_hash !== null
    const sameBrowser = browser !== undefined && link.browser_hash === hashSecret(browser)
    if (bound && !sameBrowser) {
      const wrong = await checkCode(ctx, link, token, code)
      if (wrong) return wrong
    }
    // The one statement that decides between parallel uses: only the first finds the link unused.
    const { numUpdatedRows } = await tables
      .updateTable('magic_links')
      .set({ used_at: clock.now() })
      .where('id', '=', link.id)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) throw serviceError('link_used')
    const started = await startSession(ctx, { link, device })
    const { user } = started.me
    db.afterCommit(() =>
      services.identity.events.emit({ event: 'auth.succeeded', requestId, actorId: user?.id }),
    )
    return { outcome: 'signed-in', ...started }
  },
})

async function checkCode(
  ctx: Context,
  link: MagicLinkRow,
  token: string,
  code: string | undefined,
): Promise<SignInResult | undefined> {
  if (code === undefined) throw serviceError('link_other_browser')
  const { codeTries } = ctx.services.identity.policy
  const { numUpdatedRows } = await ctx.db
    .tables<IdentityTables>()
    .updateTable('magic_links')
    .set((by) => ({ code_tries: by('code_tries', '+', 1) }))
    .where('id', '=', link.id)
    .where('code_tries', '<', codeTries)
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) {
    throw serviceError('link_expired', {
      detail: 'The code was wrong too often. Ask for a new sign-in link.',
    })
  }
  const right = Buffer.from(link.code_hash ?? '')
  const given = Buffer.from(hashCode(token, code.replace(/\s/g, '')))
  if (right.length === given.length && timingSafeEqual(right, given)) return undefined
  await ctx.audit({ action: 'magic_link.code_refused', target: { kind: 'magic_link', id: link.id } })
  return { outcome: 'wrong-code', triesLeft: Math.max(0, codeTries - link.code_tries - 1) }
}
