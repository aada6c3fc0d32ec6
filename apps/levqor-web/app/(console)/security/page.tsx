import type { Metadata } from 'next'
import { SecurityPage } from '../../../src/security/security-page.tsx'

export const metadata: Metadata = { title: 'Security' }

export default function Page() {
  return <SecurityPage />
}
