import type { Metadata } from 'next'
import { ChoosePassword } from '../../src/sign-in/choose-password.tsx'

// The address holds a secret in its fragment: it must not travel anywhere as a referrer.
export const metadata: Metadata = { title: 'Choose a new password', referrer: 'no-referrer' }

export default function ChoosePasswordPage() {
  return <ChoosePassword />
}
