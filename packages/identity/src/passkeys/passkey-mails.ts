// Whoever owns an account hears of every change to the ways into it.
import { addressOf } from '../accounts/address-of.ts'
import type { WriteContext } from '../services.ts'

type Happening = 'added' | 'removed' | 'copied'

export async function mailAboutPasskey(
  { db, services, requestId }: WriteContext,
  { userId, name, what }: { readonly userId: string; readonly name: string; readonly what: Happening },
): Promise<void> {
  const { policy, sendAccountMail } = services.identity
  const to = await addressOf(db, userId)
  await sendAccountMail(db, { to, requestId, ...wordsFor(what, name, policy.productName) })
}

function wordsFor(what: Happening, name: string, product: string) {
  switch (what) {
    case 'added':
      return {
        subject: `A passkey was added to your account at ${product}`,
        paragraphs: [`From now on “${name}” signs you in. Somebody who had just proven to be you added it.`],
        warning: 'If it was not you, remove it at once, end all sessions and change your password.',
      }
    case 'removed':
      return {
        subject: `A passkey was removed from your account at ${product}`,
        paragraphs: [
          `“${name}” signs nobody in any more. Other ways in, such as a mailed link, go on as before.`,
        ],
        warning: 'If it was not you, sign in, end all other sessions and change your password.',
      }
    case 'copied':
      return {
        subject: `A sign-in with a passkey was refused at ${product}`,
        paragraphs: [
          `“${name}” answered with a counter that has been used before. That happens when somebody has copied it, and rarely when a device is broken. Nobody was signed in by it.`,
        ],
        warning: 'Sign in another way, remove this passkey and add a new one.',
      }
  }
}
