// Makes one of the two mails of a change, after the asker has been answered: neither the answer nor what the asker can
// look up afterwards tells whether the new address has an account.
import { z } from 'zod'
import { askedMark, askedPattern } from '../one-time-tokens/asked-token.ts'
import { holdMailbox } from '../one-time-tokens/hold-mailbox.ts'
import { decodeTokenData, type TokenData } from '../one-time-tokens/token-data.ts'
import type { IdentityTables } from '../schema/identity-tables.ts'
import { newToken } from '../secrets/opaque-token.ts'
import { type AccountMail, defineVerb } from '../services.ts'

type Words = Pick<AccountMail, 'subject' | 'paragraphs' | 'action' | 'otherAction' | 'warning'>

export const deliverEmailChange = defineVerb({
  name: 'auth.email.deliver',
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
      .select(['email', 'user_id', 'data', 'created_at', 'expires_at'])
      .where('id', '=', tokenId)
      .where('token_hash', '=', askedMark(tokenId))
      .where('used_at', 'is', null)
      .executeTakeFirst()
    const email = asked?.email
    if (!asked || !email) {
      ctx.changedNothing()
      return { mailed: false }
    }
    await holdMailbox(db, 'change-email', email)
    const { count } = await tables
      .selectFrom('one_time_tokens')
      .select((by) => by.fn.countAll<number>().as('count'))
      .where('email', '=', email)
      .where('purpose', '=', 'change-email')
      .where('token_hash', 'not like', askedPattern)
      .where('created_at', '>', asked.created_at - policy.changeEmailMs)
      .executeTakeFirstOrThrow()
    const owner = await tables
      .selectFrom('users')
      .select(['id', 'status'])
      .where('email', '=', email)
      .executeTakeFirst()
    // Somebody else's mailbox is not to be flooded from here; a closed account hears nothing.
    if (Number(count) >= policy.mailsPerAddress || owner?.status === 'disabled') {
      ctx.changedNothing()
      return { mailed: false }
    }
    // Also for a mail that carries none: the row counts as mailed from now on.
    const token = newToken()
    const { numUpdatedRows } = await tables
      .updateTable('one_time_tokens')
      .set({ token_hash: token.hash })
      .where('id', '=', tokenId)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) {
      ctx.changedNothing()
      return { mailed: false }
    }
    const data = decodeTokenData('change-email', asked.data)
    const page = `${url}/confirm-email`
    const words =
      data.mailbox === 'new' && owner !== undefined
        ? takenWords(policy.productName, `${url}/sign-in`)
        : {
            ...confirmWords(policy.productName, data),
            action: {
              label: 'Look at it and confirm',
              // In the fragment the token reaches no server log, no proxy and no Referer.
              url: `${page}#token=${token.text}`,
              expiresAt: asked.expires_at,
            },
            otherAction: { label: 'This was not me: stop it', url: `${page}#token=${token.text}&stop=1` },
          }
    await sendAccountMail(db, { ...words, to: email, requestId })
    await ctx.audit({
      action: 'one_time_token.mailed',
      target: { kind: 'one_time_token', id: tokenId },
      details: { purpose: 'change-email', mailbox: data.mailbox, user: asked.user_id },
    })
    return { mailed: true }
  },
})

function takenWords(product: string, url: string): Words {
  return {
    subject: `You have an account at ${product} already`,
    paragraphs: [
      'Somebody, probably you, wants to use this address for another account. Nothing was changed: this address has an account of its own.',
      'Sign in to it as before, or choose another address there.',
    ],
    action: { label: 'Sign in', url },
    warning: 'If it was not you, ignore this mail.',
  }
}

function confirmWords(product: string, { mailbox, to }: TokenData<'change-email'>): Omit<Words, 'action'> {
  return mailbox === 'old'
    ? {
        subject: `Confirm that you leave this address at ${product}`,
        paragraphs: [
          `Somebody, probably you, wants to change the address of your account to ${to}.`,
          'It changes once both mailboxes have confirmed, this one and the new one. Until then nothing changes.',
        ],
        warning:
          'If it was not you, stop it: that also ends all sessions of your account. Then choose a new password.',
      }
    : {
        subject: `Confirm this address for ${product}`,
        paragraphs: [
          'Somebody, probably you, wants to use this address for their account.',
          'It changes once both mailboxes have confirmed, this one and the former one.',
        ],
        warning: 'If it was not you, stop it or ignore this mail: nothing changes without your confirmation.',
      }
}
