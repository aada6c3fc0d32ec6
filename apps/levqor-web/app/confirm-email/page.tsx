import type { Metadata } from 'next'
import { ConfirmEmailChange } from '../../src/sign-in/confirm-email-change.tsx'

// The address holds a secret in its fragment: it must not travel anywhere as a referrer.
export const metadata: Metadata = { title: 'Change your address', referrer: 'no-referrer' }

export default function ConfirmEmailPage() {
  return <ConfirmEmailChange />
}
