'use client'
// A page that a mail leads to. The token stays in the fragment, which browsers never send; only the button posts it, so a
// mail scanner that opens the address uses nothing up.
import type { LevqorError } from '@levqor/client'
import type { ReactNode } from 'react'
import { ButtonLink } from '../ui/button.tsx'
import { Entry } from './entry.tsx'
import { tokenOf } from './link-outcome.ts'
import { useFragment } from './use-fragment.ts'

interface MailedTokenProps {
  readonly title: string
  /** Where a new mail is asked for. */
  readonly renew: { readonly href: string; readonly label: string }
  readonly error: LevqorError | undefined
  /** Where the token is; usually in the fragment and nowhere else. */
  readonly read?: (fragment: string) => string | undefined
  readonly children: (token: string) => ReactNode
}

export function MailedToken({ title, renew, error, read = tokenOf, children }: MailedTokenProps) {
  const fragment = useFragment()
  if (fragment === undefined) return <Entry title={title}>{null}</Entry>
  const token = read(fragment)
  const over = token === undefined ? incomplete : endOf(error)
  if (token !== undefined && over === undefined) return <Entry title={title}>{children(token)}</Entry>
  return (
    <Entry title={over?.title ?? title}>
      <p role="alert" className="text-soft">
        {over?.text}
      </p>
      <div className="mt-6">
        <ButtonLink href={renew.href} tone="primary">
          {renew.label}
        </ButtonLink>
      </div>
    </Entry>
  )
}

interface End {
  readonly title: string
  readonly text: string
}

const incomplete: End = {
  title: 'This link is incomplete',
  text: 'Part of the address is missing, perhaps because the mail program broke it in two. Copy the whole address, or ask for a new mail.',
}

function endOf(error: LevqorError | undefined): End | undefined {
  switch (error?.code) {
    case 'token_expired':
    case 'invitation_expired':
      return {
        title: 'This link has expired',
        text: 'Links work for a limited time, so that an old mail opens nothing.',
      }
    case 'token_used':
    case 'invitation_used':
      return { title: 'This link has been used', text: 'A link works once. If that was you, simply sign in.' }
    case 'token_withdrawn':
      return {
        title: 'This was withdrawn',
        text: 'It was stopped, or asked for anew: then use the newest mail. Nothing is changed by this link.',
      }
    case 'registration_not_invited':
      return {
        title: 'Your invitation is not open any more',
        text: 'Only invited people may make an account here. Ask for a new invitation, then use this link again or register anew.',
      }
    case 'email_taken':
      return {
        title: 'This address has an account',
        text: 'Somebody took the address meanwhile. Sign in with it, or choose another one for your account.',
      }
    case 'invitation_withdrawn':
      return {
        title: 'This invitation was withdrawn',
        text: 'If you were sent several mails, use the newest one.',
      }
    case 'token_invalid':
    case 'invitation_invalid':
      return {
        title: 'This link is not valid',
        text: 'It was changed on the way, or it was never made here.',
      }
    default:
      return undefined
  }
}
