// The link of an invitation, while its reader signs in or makes an account first. Only the mailbox that it was sent to can use
// it. It never stands in a query: those reach logs and other pages' referrers.
import { keepForADay, keptForADay } from './kept-for-a-day.ts'
import { tokenOf } from './link-outcome.ts'

const name = 'levqor.invitation'

export function rememberInvitation(token: string): void {
  keepForADay(name, token)
}

export function forgetInvitation(): void {
  keepForADay(name, null)
}

/** The token in the fragment; on the way back from signing in there is none, and the remembered one stands in for it. */
export function invitationToken(fragment: string): string | undefined {
  return fragment.replace(/^#/, '') === '' ? keptForADay(name) : tokenOf(fragment)
}
