// What came of unlocking, in words. The names are the operator's own: the server keeps none.
import type { Lockout } from '@levqor/client'

export interface UnlockWords {
  readonly title: string
  readonly text: string
}

/** @param address where the owner is, if that was given */
export function unlockWords(
  unlocked: readonly Lockout['counts'][],
  account: string,
  address: string | undefined,
): UnlockWords {
  const open = unlocked.includes('account')
  const here = unlocked.includes('account-address')
  const elsewhere = 'Whoever guessed from elsewhere stays locked out there.'
  if (address === undefined) {
    return open
      ? {
          title: 'Unlocked, except where the wrong guesses came from',
          text: `${account} can sign in from everywhere else. For that place, too, give its network address, or unlock its row.`,
        }
      : {
          title: 'Nothing was locked',
          text: `Sign-ins as ${account} were not locked as a whole. One network address still may be: give it, or unlock its row.`,
        }
  }
  if (open && here) return { title: `${account} is unlocked`, text: `From ${address}, too. ${elsewhere}` }
  if (open)
    return { title: `${account} is unlocked`, text: `From ${address} it was not locked. ${elsewhere}` }
  if (here) {
    return {
      title: `${account} is unlocked from ${address}`,
      text: 'From everywhere else it was not locked.',
    }
  }
  return {
    title: 'Nothing was locked',
    text: `Sign-ins as ${account} were locked neither as a whole nor from ${address}.`,
  }
}
