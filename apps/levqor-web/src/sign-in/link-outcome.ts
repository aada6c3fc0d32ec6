// What the server's answer to a mailed link means for the reader: each kind has its own words.
import type { LevqorError } from '@levqor/client'

export type LinkOutcome =
  | { readonly kind: 'over'; readonly title: string; readonly text: string }
  | { readonly kind: 'needs-code' }
  | { readonly kind: 'wrong-code'; readonly text: string }
  | { readonly kind: 'problem' }

/** The token in `#token=…`, or undefined when it cannot be one. */
export function tokenOf(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token')
  return token !== null && token.length >= 20 && token.length <= 200 ? token : undefined
}

export function linkOutcome(error: Pick<LevqorError, 'code' | 'message'>): LinkOutcome {
  switch (error.code) {
    case 'link_expired':
      return {
        kind: 'over',
        title: 'This link has expired',
        text: 'Links work for a short time only, so that an old mail opens nothing. Ask for a new one.',
      }
    case 'link_used':
      return {
        kind: 'over',
        title: 'This link has been used',
        text: 'A link signs in once. If that was not you, tell whoever runs this installation, and ask for a new one.',
      }
    case 'link_invalid':
    case 'validation_failed':
      return {
        kind: 'over',
        title: 'This link is not valid',
        text: 'It was changed on the way, or it was never made here. Ask for a new one.',
      }
    case 'link_other_browser':
      return { kind: 'needs-code' }
    case 'link_wrong_code':
      return { kind: 'wrong-code', text: error.message }
    default:
      return { kind: 'problem' }
  }
}
