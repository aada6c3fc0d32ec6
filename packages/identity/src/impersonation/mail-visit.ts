// Tells somebody that an operator acts for them, at the moment it begins: whoever misuses an operator's browser does not
// stay unseen until the person happens to look at their sessions.
import { dayOf } from '../accounts/day-of.ts'
import type { WriteContext } from '../services.ts'

export async function mailVisit(
  { db, services, requestId }: WriteContext,
  { to, reason, expiresAt }: { readonly to: string; readonly reason: string; readonly expiresAt: number },
): Promise<void> {
  const { policy, url, sendAccountMail } = services.identity
  await sendAccountMail(db, {
    to,
    subject: `An operator of ${policy.productName} looks into your account`,
    paragraphs: [
      `They act for you until ${dayOf(expiresAt)} at the latest. They cannot change your address, password, keys or members, nor delete anything of your account.`,
      `The reason they gave: ${reason}`,
    ],
    action: { label: 'Look at it, or end it', url: `${url}/account` },
    warning: 'You did not agree to this? End it, and tell the operator of this installation.',
    requestId,
  })
}
