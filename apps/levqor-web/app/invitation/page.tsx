import type { Metadata } from 'next'
import { AcceptInvitation } from '../../src/sign-in/accept-invitation.tsx'

// The address holds a secret in its fragment: it must not travel anywhere as a referrer.
export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

export default function AcceptInvitationPage() {
  return <AcceptInvitation />
}
