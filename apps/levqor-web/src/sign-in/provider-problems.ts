// What the way back from a provider ended with, in words. The code comes with the address, so only known ones say anything
// of their own, and nothing of the address is shown.
import type { ProviderProblem } from '@levqor/client'

export interface ProblemWords {
  readonly title: string
  readonly text: string
}

const words: Readonly<Record<ProviderProblem, ProblemWords>> = {
  provider_declined: {
    title: 'You cancelled',
    text: 'Nothing was shared and nobody was signed in. Try again, or choose another way.',
  },
  provider_unavailable: {
    title: 'The provider did not answer',
    text: 'This is not your doing. Try again in a moment, or choose another way.',
  },
  provider_answer_refused: {
    title: 'The answer could not be trusted',
    text: 'What came back from the provider did not pass our checks, so nobody was signed in. Start again from here; if it happens twice, tell the operator.',
  },
  provider_attempt_unknown: {
    title: 'This way back is not known here',
    text: 'It may be old, or from another installation. Start again from here.',
  },
  provider_attempt_used: {
    title: 'This was used already',
    text: 'Each way back works once. If you are not signed in by now, start again from here.',
  },
  provider_attempt_expired: {
    title: 'That took too long',
    text: 'There are ten minutes from setting out to coming back. Start again from here.',
  },
  provider_other_browser: {
    title: 'This began in another browser',
    text: 'Come back in the browser in which you set out, or start again from here. Cookies must be allowed.',
  },
  provider_email_unverified: {
    title: 'Your address is not confirmed there',
    text: 'The provider does not vouch for your e-mail address, so no account can be made with it. Confirm it there, or choose another way.',
  },
  provider_account_exists: {
    title: 'You have an account already',
    text: 'There is an account with this e-mail address. Sign in as before, then link the provider under Account.',
  },
  provider_not_invited: {
    title: 'Only invited people may register here',
    text: 'There is no open invitation for this address. Ask somebody in the workspace to invite you.',
  },
  provider_account_closed: {
    title: 'This account is closed',
    text: 'Ask the operator of this installation.',
  },
  provider_session_ended: {
    title: 'You were signed out meanwhile',
    text: 'Nothing was linked: the session that asked for it is over, or is another one by now. Try again.',
  },
  identity_taken: {
    title: 'This belongs to another account here',
    text: 'Somebody signs in with it already. Unlink it there first, or choose another.',
  },
}

const fallback: ProblemWords = {
  title: 'That did not work',
  text: 'Nobody was signed in and nothing was changed. Try again in a moment.',
}

/** Undefined: there was no problem. */
export function problemWords(code: string | undefined): ProblemWords | undefined {
  if (code === undefined) return undefined
  if (code === 'rate_limited') {
    return { title: 'A little too fast', text: 'The server asks for a short break. Try again in a minute.' }
  }
  const known: Readonly<Record<string, ProblemWords>> = words
  return Object.hasOwn(known, code) ? known[code] : fallback
}
