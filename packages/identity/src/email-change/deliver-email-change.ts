// Makes one of the two mails of a change, after the asker has been answered: neither the answer nor what the asker can
// look up afterwards tells whether the new address has an account.
import { z } from 'zod'
import { type AskedToken, holdAskedToken, makeAskedToken } from '../one-time-tokens/asked-token.ts'
import { decodeTokenData, type TokenData } from '../one-time-tokens/token-data.ts'
import { type AccountMail, defineVerb, type WriteContext } from '../services.ts'

type Words = Pick<AccountMail, 'subject' | 'paragraphs' | 'action' | 'otherAction' | 'warning'>

export const deliverEmailChange = defineVerb({
  name: 'auth.email.deliver',
  kind: 'write',
  reach: 'platform',
  access: { actors: ['system'] },
  input: z.strictObject({ tokenId: z.uuid() }),
  async run(ctx, { tokenId }): Promise<{ readonly mailed: boolean }> {
    const asked = await holdAskedToken(ctx, tokenId)
    const mailed = asked !== undefined && (await mail(ctx, asked))
    if (!mailed) ctx.changedNothing()
    return { mailed }
  },
})

async function mail(ctx: WriteContext, asked: AskedToken): Promise<boolean> {
  const { db, services, requestId } = ctx
  const { policy, url, sendAccountMail } = services.identity
  const { id, email, userId, owner, expiresAt } = asked
  const token = await makeAskedToken(db, asked, userId)
  if (token === undefined) return false
  const data = decodeTokenData('change-email', asked.data)
  // In the fragment the token reaches no server log, no proxy and no Referer.
  const page = `${url}/confirm-email#token=${token}`
  const words =
    data.mailbox === 'new' && owner !== undefined
      ? takenWords(policy.productName, `${url}/sign-in`)
      : {
          ...confirmWords(policy.productName, data),
          action: { label: 'Look at it and confirm', url: page, expiresAt },
          otherAction: { label: 'This was not me: stop it', url: `${page}&stop=1` },
        }
  await sendAccountMail(db, { ...words, to: email, requestId })
  await ctx.audit({
    action: 'one_time_token.mailed',
    target: { kind: 'one_time_token', id },
    details: { purpose: 'change-email', mailbox: data.mailbox, user: userId },
  })
  return true
}

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
