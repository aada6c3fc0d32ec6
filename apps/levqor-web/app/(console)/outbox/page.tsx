import type { Metadata } from 'next'
import { OutboxPage } from '../../../src/outbox/outbox-page.tsx'

export const metadata: Metadata = { title: 'Outbox' }

export default function Page() {
  return <OutboxPage />
}
