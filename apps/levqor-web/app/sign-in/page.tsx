import type { Metadata } from 'next'
import { Entry } from '../../src/sign-in/entry.tsx'
import { WaysIn } from '../../src/sign-in/ways-in.tsx'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInPage() {
  return (
    <Entry title="Sign in">
      <WaysIn />
    </Entry>
  )
}
