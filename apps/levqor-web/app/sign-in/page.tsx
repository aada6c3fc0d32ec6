import type { Metadata } from 'next'
import { AskForLink } from '../../src/sign-in/ask-for-link.tsx'
import { Entry } from '../../src/sign-in/entry.tsx'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInPage() {
  return (
    <Entry title="Sign in">
      <AskForLink />
    </Entry>
  )
}
