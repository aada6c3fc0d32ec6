// Makes the mail of a token that was asked for. Runs after the asker has been answered, so that neither the answer nor its
// time tells whether the address belongs to somebody.
import { z } from 'zod'
import { isInvited } from '../invitations/is-invited.ts'
import type { IdentityTables, TokenPurpose } from '../schema/identity-tables.ts'
import { newToken } from '../secrets/opaque-token.ts'
import { type AccountMail, defineVerb } from '../services.ts'
import { askedMark, askedPattern } from './asked-token.ts'
import { holdMailbox } from './hold-mailbox.ts'

/** What a mail says beside its addresses. */
type MailText = Pick<AccountMail, 'subject' | 'paragraphs' | 'warning'> & {
  readonly label: string
  readonly path: string
  /** Whether the link proves something; one that only leads somewhere holds no secret. */
  readonly carriesToken: boolean
}

export const deliverTokenMail = defineVerb({
  name: 'auth.one-time-token.deliver',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({ tokenId: z.uuid() }),
  async run(ctx, { tokenId }): Promise<{ readonly mailed: boolean }> {
    const { db, services, requestId } = ctx
    const { policy, url, sendAccountMail } = services.identity
    const tables = db.tables<IdentityTables>()
    const asked = await tables
      .selectFrom('one_time_tokens')
      .select(['purpose', 'email', 'created_at', 'expires_at'])
      .where('id', '=', tokenId)
      .where('token_hash', '=', askedMark(tokenId))
      // Void before it was made.
      .where('used_at', 'is', null)
      .executeTakeFirst()
    const email = asked?.email
    if (!asked || !email) {
      ctx.changedNothing()
      return { mailed: false }
    }
    await holdMailbox(db, asked.purpose, email)
    const { count } = await tables
      .selectFrom('one_time_tokens')
      .select((by) => by.fn.countAll<number>().as('count'))
      .where('email', '=', email)
      .where('purpose', '=', asked.purpose)
      .where('token_hash', 'not like', askedPattern)
      .where('created_at', '>', asked.created_at - (asked.expires_at - asked.created_at))
      .executeTakeFirstOrThrow()
    const user = await tables
      .selectFrom('users')
      .select(['id', 'status'])
      .where('email', '=', email)
      .executeTakeFirst()
    const text = textFor(asked.purpose, policy.productName, user !== undefined)
    const welcome =
      asked.purpose !== 'verify-email' ||
      policy.registration === 'open' ||
      user !== undefined ||
      (await isInvited(db, email, ctx.clock.now()))
    // Somebody else's mailbox is not to be flooded from here; a closed account gets no way back in.
    const flooded = Number(count) >= policy.mailsPerAddress
    if (flooded || !welcome || text === undefined || user?.status === 'disabled') {
      ctx.changedNothing()
      return { mailed: false }
    }
    // Also for a mail that carries none: the row counts as mailed from now on.
    const token = newToken()
    await tables
      .updateTable('one_time_tokens')
      .set({ token_hash: token.hash, user_id: user?.id ?? null })
      .where('id', '=', tokenId)
      .execute()
    const { label, path, carriesToken, ...words } = text
    await sendAccountMail(db, {
      ...words,
      to: email,
      action: {
        label,
        ...(carriesToken
          ? { url: `${url}${path}#token=${token.text}`, expiresAt: asked.expires_at }
          : { url: `${url}${path}` }),
      },
      requestId,
    })
    await ctx.audit({
      action: 'one_time_token.mailed',
      target: { kind: 'one_time_token', id: tokenId },
      details: { purpose: asked.purpose, ...(user === undefined ? {} : { user: user.id }) },
    })
    return { mailed: true }
  },
})

/** Undefined: there is nobody to write to. */
function textFor(purpose: TokenPurpose, product: string, known: boolean): MailText | undefined {
  switch (purpose) {
    case 'verify-email':
      return known
        ? {
            subject: `You have an account at ${product} already`,
            paragraphs: [
              'Somebody, probably you, tried to register with this address. Nothing was changed.',
              'Sign in as before; if you have forgotten your password, ask for a new one there.',
            ],
            label: 'Sign in',
            path: '/sign-in',
            carriesToken: false,
            warning: 'If it was not you, ignore this mail.',
          }
        : {
            subject: `Confirm your address for ${product}`,
            paragraphs: [
              'Confirm that this address is yours. Your account exists from then on.',
              'Open this in the browser in which you registered; any other one asks for the password that you chose there.',
            ],
            label: 'Confirm',
            path: '/verify',
            carriesToken: true,
            warning: 'If you did not register, ignore this mail: no account is made.',
          }
    case 'reset-password':
      return known
        ? {
            subject: `Choose a new password for ${product}`,
            paragraphs: [
              'Somebody, probably you, asked for a new password. Choosing one ends all sessions of this account.',
            ],
            label: 'Choose a new password',
            path: '/reset-password',
            carriesToken: true,
            warning: 'If it was not you, ignore this mail: your password stays as it is.',
          }
        : undefined
    default:
      return undefined
  }
}
