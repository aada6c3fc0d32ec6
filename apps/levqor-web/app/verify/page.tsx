import type { Metadata } from 'next'
import { ConfirmAddress } from '../../src/sign-in/confirm-address.tsx'

// The address holds a secret in its fragment: it must not travel anywhere as a referrer.
export const metadata: Metadata = { title: 'Confirm your address', referrer: 'no-referrer' }

export default function ConfirmAddressPage() {
  return <ConfirmAddress />
}
