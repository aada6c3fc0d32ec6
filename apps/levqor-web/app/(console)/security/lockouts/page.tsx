import type { Metadata } from 'next'
import { LockoutsPage } from '../../../../src/security/lockouts-page.tsx'

export const metadata: Metadata = { title: 'Lockouts' }

export default function Page() {
  return <LockoutsPage />
}
