// Makes the mail of a token that was asked for. Runs after the asker has been answered, so that neither the answer nor its
// time tells whether the address belongs to somebody.
import { z } from 'zod'
import { isInvited } from '../invitations/is-invited.ts'
import type { TokenPurpose } from '../schema/identity-tables.ts'
import { type AccountMail, defineVerb, type WriteContext } from '../services.ts'
import { type AskedToken, holdAskedToken, makeAskedToken } from './asked-token.ts'

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
    const asked = await holdAskedToken(ctx, tokenId)
    const mailed = asked !== undefined && (await mail(ctx, asked))
    if (!mailed) ctx.changedNothing()
    return { mailed }
  },
})

async function mail(ctx: WriteContext, asked: AskedToken): Promise<boolean> {
  const { db, clock, services, requestId } = ctx
  const { policy, url, sendAccountMail } = services.identity
  const { id, purpose, email, owner, expiresAt } = asked
  const text = textFor(purpose, policy.productName, owner !== undefined)
  const welcome =
    purpose !== 'verify-email' ||
    policy.registration === 'open' ||
    owner !== undefined ||
    (await isInvited(db, email, clock.now()))
  if (text === undefined || !welcome) return false
  const token = await makeAskedToken(db, asked, owner?.id ?? null)
  if (token === undefined) return false
  const { label, path, carriesToken, ...words } = text
  const page = `${url}${path}`
  await sendAccountMail(db, {
    ...words,
    to: email,
    action: { label, ...(carriesToken ? { url: `${page}#token=${token}`, expiresAt } : { url: page }) },
    requestId,
  })
  await ctx.audit({
    action: 'one_time_token.mailed',
    target: { kind: 'one_time_token', id },
    details: { purpose, ...(owner === undefined ? {} : { user: owner.id }) },
  })
  return true
}

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
