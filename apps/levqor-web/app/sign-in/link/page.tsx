import type { Metadata } from 'next'
import { FollowLink } from '../../../src/sign-in/follow-link.tsx'

// The address holds a secret in its fragment: it must not travel anywhere as a referrer.
export const metadata: Metadata = { title: 'Sign in', referrer: 'no-referrer' }

export default function SignInLinkPage() {
  return <FollowLink />
}
