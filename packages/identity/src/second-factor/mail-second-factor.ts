// Whatever happens to a second factor is mailed: whoever took a session over cannot do it in silence (OWASP ASVS 5.0,
// V6.3.7).
import { addressOf } from '../accounts/address-of.ts'
import type { AccountMail, WriteContext } from '../services.ts'

export type SecondFactorEvent =
  | { readonly what: 'on' }
  | { readonly what: 'off' }
  | { readonly what: 'recovery-code-used'; readonly left: number }
  | { readonly what: 'new-recovery-codes' }

export async function mailSecondFactor(
  { db, services, requestId }: WriteContext,
  userId: string,
  event: SecondFactorEvent,
): Promise<void> {
  const to = await addressOf(db, userId)
  const { policy, sendAccountMail } = services.identity
  await sendAccountMail(db, { to, requestId, ...words(event, policy.productName) })
}

const atOnce = 'If it was not you, change your password at once and tell the operator of this installation.'

function words(
  event: SecondFactorEvent,
  product: string,
): Pick<AccountMail, 'subject' | 'paragraphs' | 'warning'> {
  switch (event.what) {
    case 'on':
      return {
        subject: `Two-step sign-in for ${product} is on`,
        paragraphs: [
          'From now on, signing in asks for a code of your authenticator app as well. All other sessions were ended.',
          'Keep your recovery codes where you find them without your phone.',
        ],
        warning: atOnce,
      }
    case 'off':
      return {
        subject: `Two-step sign-in for ${product} is off`,
        paragraphs: [
          'It was switched off with a code. Signing in asks for one factor only, and the recovery codes no longer work.',
        ],
        warning: atOnce,
      }
    case 'recovery-code-used':
      return {
        subject: `A recovery code for ${product} was used`,
        paragraphs: [
          event.left === 0
            ? 'It was the last one: make new codes now, in your account.'
            : `${event.left === 1 ? 'One code is' : `${event.left} codes are`} left. New ones can be made in your account.`,
        ],
        warning: atOnce,
      }
    case 'new-recovery-codes':
      return {
        subject: `New recovery codes for ${product}`,
        paragraphs: ['New recovery codes were made. The old ones no longer work.'],
        warning: atOnce,
      }
  }
}
